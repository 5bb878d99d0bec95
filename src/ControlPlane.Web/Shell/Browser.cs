using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace ControlPlane.Web.Shell;

/// <summary>What the server side asks of the browser (wwwroot/js/page.js).</summary>
public sealed class Browser(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    /// <summary>Shows the page in a theme, and remembers it.</summary>
    public ValueTask SetThemeAsync(Theme theme) => CallAsync("setTheme", theme.Name);

    /// <summary>Opens a native modal dialog.</summary>
    public ValueTask OpenAsync(ElementReference dialog) => CallAsync("open", dialog);

    /// <summary>Closes a native dialog.</summary>
    public ValueTask CloseAsync(ElementReference dialog) => CallAsync("close", dialog);

    /// <summary>Scrolls a virtualised table so that a row is in view.</summary>
    public ValueTask RevealAsync(ElementReference scroller, int index, int count) => CallAsync("reveal", scroller, index, count);

    /// <summary>Opens the text of a field, as UTF-8.</summary>
    /// <exception cref="JSException">The page is gone.</exception>
    public async Task<IJSStreamReference> ReadAsync(ElementReference field, CancellationToken cancellationToken) =>
        await (await ModuleAsync()).InvokeAsync<IJSStreamReference>("read", cancellationToken, field);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_module is not { IsCompletedSuccessfully: true })
        {
            return;
        }

        try
        {
            await (await _module).DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the module with it.
        }
    }

    private async ValueTask CallAsync(string function, params object?[] arguments)
    {
        try
        {
            await (await ModuleAsync()).InvokeVoidAsync(function, arguments);
        }
        catch (JSDisconnectedException)
        {
            // Nobody looks any more.
        }
    }

    private Task<IJSObjectReference> ModuleAsync() => _module ??= js.InvokeAsync<IJSObjectReference>("import", "./js/page.js").AsTask();
}
