using System.IO.Pipelines;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Hosting.ClearText;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Tests.Hosting.ClearText;

public sealed class Http2ConnectionsTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(130);

    private readonly TestClock _clock = new();
    private readonly Pipe _pipe = new();
    private readonly Http2Connections _connections = new();
    private bool _isServedAsHttp1;

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    [Fact]
    public async Task A_client_that_says_nothing_is_not_waited_for_without_end()
    {
        var serving = ServeAsync();

        await _clock.FireAsync(Limit, Limit);

        await Patience.For(serving, "the connection is still open");
        Assert.False(_isServedAsHttp1);
    }

    [Fact]
    public async Task A_connection_with_HTTP_2_is_served_elsewhere_until_it_is_given_back()
    {
        await _pipe.Writer.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var serving = ServeAsync();
        var lent = await _connections.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.False(serving.IsCompleted);

        await lent!.DisposeAsync();

        await Patience.For(serving, "the connection was not given back");
        Assert.False(_isServedAsHttp1);
    }

    [Fact]
    public async Task When_the_server_ends_nothing_more_is_lent()
    {
        await _connections.UnbindAsync(TestContext.Current.CancellationToken);
        await _pipe.Writer.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        await Patience.For(ServeAsync(), "the connection waits for a server that has ended");
    }

    private async Task ServeAsync()
    {
        await using var connection = new DefaultConnectionContext("test", new Duplex(_pipe.Reader, new Pipe().Writer), new Duplex(new Pipe().Reader, _pipe.Writer));
        await _connections.ServeAsync(
            connection,
            _ =>
            {
                _isServedAsHttp1 = true;
                return Task.CompletedTask;
            },
            Limit,
            _clock);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
