using System.Threading.Channels;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Registry;

namespace Operators.Tests.Testing;

/// <summary>Waits until the caches show something. Real time passes only while the cluster works, or when a test is about to fail.</summary>
internal static class CacheWaits
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Looks after every change of the caches until there is something to see.</summary>
    /// <param name="caches">The caches.</param>
    /// <param name="look">What is waited for; null while it is not there.</param>
    /// <param name="seen">What there is instead, for the failure.</param>
    public static async Task<T> UntilAsync<T>(this FleetCaches caches, Func<T?> look, Func<string> seen)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var subscriptions = Follow(caches, () => changed.Writer.TryWrite(true));
        try
        {
            // That a kind is not served is told by no change of a cache, and a plan depends on it.
            await Task.WhenAll(caches.All.Select(static informer => informer.Synced)).WaitAsync(limit.Token);
            while (true)
            {
                if (look() is { } found)
                {
                    return found;
                }

                await changed.Reader.ReadAsync(limit.Token);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"not seen within {Limit.TotalSeconds:0} s; there is: {seen()}", e);
        }
        finally
        {
            subscriptions.ForEach(subscription => subscription.Dispose());
        }
    }

    /// <summary>Waits until all that a service should have is there as planned, and its status speaks of the present declaration.</summary>
    public static Task<ManagedService> ConvergedAsync(this FleetCaches caches, ObjectKey key)
    {
        var graph = new FleetGraph(caches);
        return caches.UntilAsync(
            () => caches.Services.Cache.Find(key) is { Status: { } status } service
                && status.ObservedGeneration == service.Metadata.Generation
                && Missing(caches, graph, service).Count == 0
                ? service
                : null,
            () => caches.Services.Cache.Find(key) is { } service ? $"{service.Status}, without {string.Join(", ", Missing(caches, graph, service))}" : $"no service {key}");
    }

    private static List<string> Missing(FleetCaches caches, FleetGraph graph, ManagedService service) =>
    [
        .. ServicePlanner.Plan(graph.Snapshot(service))
            .Where(desired => caches.Owned(desired.Type).Cache.Find(desired.Key) is not { } live || Applier.Differs(desired, live))
            .Select(desired => desired.Type.Kind),
    ];

    private static List<IDisposable> Follow(FleetCaches caches, Action changed) =>
    [
        caches.Services.Cache.Subscribe(_ => changed()),
        caches.Pods.Cache.Subscribe(_ => changed()),
        caches.EndpointSlices.Cache.Subscribe(_ => changed()),
        caches.Events.Cache.Subscribe(_ => changed()),
        caches.ForeignServices.Cache.Subscribe(_ => changed()),
        caches.Policies.Traffic.Cache.Subscribe(_ => changed()),
        caches.Policies.RateLimits.Cache.Subscribe(_ => changed()),
        caches.Policies.Circuits.Cache.Subscribe(_ => changed()),
        caches.Rollouts.Cache.Subscribe(_ => changed()),
        .. caches.OwnedInformers.Concat(caches.TrafficObjects.Informers).Concat(caches.ForeignWorkloadInformers).Select(informer => informer.Cache.Subscribe(_ => changed())),
    ];
}
