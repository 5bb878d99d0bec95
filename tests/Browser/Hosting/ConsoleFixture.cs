using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser.Hosting.ConsoleFixture))]

namespace Browser.Hosting;

/// <summary>One running program and one browser for all tests: both take seconds to start.</summary>
public sealed class ConsoleFixture : IAsyncLifetime
{
    private static readonly string Chromium = Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "/usr/bin/chromium";

    private ConsoleProcess? _console;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _signedIn;

    /// <summary>Why nothing can be tested; null when it can.</summary>
    internal static string? Missing =>
        File.Exists(Chromium) ? null : $"there is no {Chromium}: apt-get install chromium, or name another in CHROMIUM_PATH";

    internal Uri Address => _console!.Address;

    internal IBrowser Browser => _browser!;

    /// <summary>Cookies of an admin who signed in by the printed link.</summary>
    internal string SignedIn => _signedIn!;

    internal string AdminToken => _console!.AdminToken;

    /// <summary>The file by which the embedded cluster is reached.</summary>
    internal string Kubeconfig => _console!.Kubeconfig;

    internal Kubectl Kubectl => new(_console!.Kubeconfig);

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        _console = await ConsoleProcess.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        _signedIn = await SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
        await (_console?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Opens the link as people do: it signs in at once.</summary>
    private async Task<string> SignInAsync()
    {
        await using var context = await Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(_console!.SignInLink.ToString());
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Fleet", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        return await context.StorageStateAsync();
    }
}
