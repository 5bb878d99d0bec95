using System.Net;
using System.Net.Sockets;
using Gateway.Hosting;
using Gateway.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Gateway.Tests.Hosting;

public sealed class SocketPoolTests
{
    [Fact]
    public async Task A_port_that_is_taken_is_told_once_however_often_it_is_tried_and_is_opened_when_it_is_free()
    {
        var told = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new FakeLoggerProvider(told)));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var key = new SocketKey(IPAddress.Loopback, ((IPEndPoint)other.LocalEndpoint).Port);
        var wanted = new RoutingSnapshot([new SocketRoutes(key, [], [])]);
        await using var pool = new SocketPool( // no request comes
            new RoutingTable(), handler: null!, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15), TimeProvider.System, loggers, loggers.CreateLogger<SocketPool>());

        for (var i = 0; i < 3; i++)
        {
            Assert.False(await pool.FollowAsync(wanted, TestContext.Current.CancellationToken));
        }

        var line = Assert.Single(told.GetSnapshot(), line => line.Level >= LogLevel.Warning);
        Assert.Contains("can't listen", line.Message, StringComparison.Ordinal);
        Assert.Null(line.Exception);

        other.Stop();
        Assert.True(await pool.FollowAsync(wanted, TestContext.Current.CancellationToken));
    }
}
