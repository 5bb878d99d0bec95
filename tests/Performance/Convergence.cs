using System.Diagnostics;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Performance;

/// <summary>How long a fleet took to converge.</summary>
/// <param name="FromStart">From the start of the operator's process.</param>
/// <param name="FromFirstWrite">From its first write.</param>
internal sealed record Convergence(TimeSpan FromStart, TimeSpan FromFirstWrite)
{
    /// <summary>Waits until every service of a namespace has a status: the last write for each.</summary>
    public static async Task<Convergence> WaitAsync(MeasuredCluster cluster, string ns, int size, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reported = new HashSet<ObjectKey>();

        var scope = new CacheScope(ns);
        var accounts = Follow(cluster, KnownResources.ServiceAccounts, scope, new JsonObjectDecoder<Header>());
        var services = Follow(cluster, ManagedService.ResourceType, scope, new JsonObjectDecoder<ManagedService>());
        using var a = accounts.Cache.Subscribe(change =>
        {
            if (change.Key.Name.StartsWith("svc-", StringComparison.Ordinal))
            {
                first.TrySetResult(clock.Elapsed);
            }
        });
        using var b = services.Cache.Subscribe(change =>
        {
            if (change.New?.Status?.ObservedGeneration >= change.New?.Metadata.Generation && reported.Add(change.Key) && reported.Count == size)
            {
                last.TrySetResult(clock.Elapsed);
            }
        });
        var following = Task.WhenAll(accounts.RunAsync(stop.Token), services.RunAsync(stop.Token));
        var (begin, end) = (await first.Task.WaitAsync(cancellationToken), await last.Task.WaitAsync(cancellationToken));
        await stop.CancelAsync();
        await following;
        return new(end, end - begin);
    }

    private static Informer<T> Follow<T>(MeasuredCluster cluster, ResourceType type, CacheScope scope, IObjectDecoder<T> decoder)
        where T : class, IKubeObject =>
        new(cluster.Api, type, scope, decoder, cluster.Metrics, TimeProvider.System, NullLogger<Informer<T>>.Instance);

    private sealed record Header : IKubeObject
    {
        public ObjectMeta Metadata { get; init; } = new();
    }
}
