using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging.Abstractions;
using Operators.Cluster;
using Operators.Registry;

namespace Operators.Tests.Testing;

/// <summary>The caches of a fleet that no cluster fills: they show what a test says. Observers hear of every change, as from a watch.</summary>
internal sealed class KnownFleet : IDisposable
{
    private readonly Meter _meter = new("tests");
    private readonly KubeConnection _nowhere;
    private long _version;

    public KnownFleet()
    {
        Metrics = new RuntimeMetrics(_meter);
        _nowhere = KubeConnection.Anonymous(new Uri("http://127.0.0.1:1"), Metrics);
        Caches = new FleetCaches(new KubeApi(_nowhere), Metrics, TimeProvider.System, NullLoggerFactory.Instance);
        Graph = new FleetGraph(Caches);
    }

    public RuntimeMetrics Metrics { get; }

    public FleetCaches Caches { get; }

    public FleetGraph Graph { get; }

    public ServiceValidator Validator => new(Caches, Graph);

    /// <summary>Declares a service, or declares it anew. Returns it as the API would have stored it.</summary>
    public ManagedService Declare(ManagedService service)
    {
        var before = Caches.Services.Cache.Find(service.Metadata.Key);
        var stored = service with
        {
            Metadata = service.Metadata with
            {
                Uid = before?.Metadata.Uid ?? $"uid-{service.Metadata.Name}",
                Generation = (before?.Metadata.Generation ?? 0) + 1,
                ResourceVersion = NextVersion(),
            },
        };
        Caches.Services.Cache.Upsert(stored);
        return stored;
    }

    public void Withdraw(ObjectKey service) => Caches.Services.Cache.Remove(service, last: null);

    /// <summary>Shows a workload that somebody else runs.</summary>
    public void Run(JsonObject workload)
    {
        var live = Decode(workload);
        Foreign((string)workload["kind"]!).Cache.Upsert(live);
    }

    public void Stop(WorkloadKey workload) => Foreign(workload.Kind).Cache.Remove(workload.Key, last: null);

    /// <summary>Shows an object that the operator keeps.</summary>
    public LiveObject Own(ResourceType type, JsonObject item)
    {
        var live = Decode(item);
        Caches.Owned(type).Cache.Upsert(live);
        return live;
    }

    public void Show(EndpointSliceView slice) => Caches.EndpointSlices.Cache.Upsert(slice);

    public void Hide(EndpointSliceView slice) => Caches.EndpointSlices.Cache.Remove(slice.Metadata.Key, last: null);

    public void Dispose()
    {
        _nowhere.Dispose();
        _meter.Dispose();
    }

    private Informer<LiveObject> Foreign(string kind) => Caches.ForeignWorkloadInformers.Single(informer => informer.Type.Kind == kind);

    private LiveObject Decode(JsonObject item)
    {
        var copy = item.DeepClone().AsObject();
        copy["metadata"]!["resourceVersion"] = NextVersion();
        return new LiveObjectDecoder(FleetApi.OperatorFieldManager).Decode(JsonSerializer.SerializeToUtf8Bytes(copy));
    }

    private string NextVersion() => (++_version).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
