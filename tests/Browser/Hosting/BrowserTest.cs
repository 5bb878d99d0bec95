using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Browser.Hosting;

/// <summary>A test with a page of its own. An error in the browser's console fails it; a failure leaves a screenshot in artifacts/browser.</summary>
public abstract class BrowserTest(ConsoleFixture console) : IAsyncLifetime
{
    private const float Patience = 20_000;

    private readonly ConcurrentQueue<string> _errors = [];
    private IBrowserContext? _context;

    protected ConsoleFixture Console => console;

    protected IPage Page { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(ConsoleFixture.Missing is not null, ConsoleFixture.Missing ?? "");
        await OpenAsync(ColorScheme.Light, width: 1100);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_context is null)
        {
            return;
        }

        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            var name = string.Concat(TestContext.Current.Test!.TestDisplayName.Select(c => char.IsLetterOrDigit(c) ? c : '-'));
            await Page.ScreenshotAsync(new() { Path = Artifacts.PathOf($"{name}.png") });
        }

        await _context.DisposeAsync();
        Assert.Empty(_errors);
    }

    /// <summary>Opens a page in place of the present one.</summary>
    /// <param name="scheme">Colour scheme.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="signedIn">As an admin; false for nobody.</param>
    protected async Task OpenAsync(ColorScheme scheme, int width, bool signedIn = true)
    {
        await (_context?.DisposeAsync() ?? ValueTask.CompletedTask);
        _context = await console.Browser.NewContextAsync(new()
        {
            BaseURL = console.Address.ToString(),
            StorageState = signedIn ? console.SignedIn : null,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = 1000 },
        });
        _context.SetDefaultTimeout(Patience);
        Page = await _context.NewPageAsync();
        Page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue(message.Text);
            }
        };
        Page.PageError += (_, error) => _errors.Enqueue(error);
    }

    /// <summary>Goes to an address, and waits until the page is there.</summary>
    protected async Task GoToAsync(string address)
    {
        await Page.GotoAsync(address);
        await Expect(Page.Locator("h1").First).ToBeVisibleAsync();
    }

    /// <summary>Expects within the patience of every test.</summary>
    protected static ILocatorAssertions Expect(ILocator locator)
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        return Assertions.Expect(locator);
    }

    /// <summary>The row of a service in the list of the fleet.</summary>
    protected ILocator Row(string service) => Page.Locator($"tr[data-key='{service}']");
}
