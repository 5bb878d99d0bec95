namespace ControlPlane.Web.Tests.Testing;

/// <summary>A test with a console of its own.</summary>
public abstract class ConsoleTest : IAsyncDisposable
{
    private protected ConsoleContext Console { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Console.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
