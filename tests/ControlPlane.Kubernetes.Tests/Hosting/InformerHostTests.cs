using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Hosting;

public sealed class InformerHostTests
{
    [Fact]
    public async Task Every_informer_follows_until_the_host_stops()
    {
        var (server, clock) = (new ModelApiServer(), new TestClock());
        var informers = Enumerable.Range(0, 2).Select(_ => new Informer<Widget>(
            server.Connect(clock), Widget.Type, CacheScope.All, Widget.Decoder, TestMetrics.Create(), clock, NullLogger<Informer<Widget>>.Instance)).ToList();
        using var host = new InformerHost(informers);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await Patience.For(Task.WhenAll(informers.Select(informer => informer.Synced)), "not every cache was filled");

        Assert.False(host.ExecuteTask!.IsCompleted);
        await Patience.For(host.StopAsync(TestContext.Current.CancellationToken), "the host does not stop");
        Assert.True(host.ExecuteTask.IsCompletedSuccessfully);
    }
}
