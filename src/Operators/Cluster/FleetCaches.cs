using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Operators.Cluster;

/// <summary>
/// What the process knows of the cluster: one informer for each kind, shared by operators, queries and pages. Objects that the fleet's operators
/// own and those of others are kept apart by label, so that each cache holds what its readers need.
/// </summary>
public sealed class FleetCaches
{
    private const string OwnedSelector = $"{FleetApi.ManagedByLabel}={FleetApi.ManagedByValue}";
    private const string ForeignSelector = $"{FleetApi.ManagedByLabel}!={FleetApi.ManagedByValue}";

    private readonly Dictionary<ResourceType, Informer<LiveObject>> _owned;
    private readonly Dictionary<ResourceType, CacheIndex<LiveObject>> _ownedByService;
    private readonly Dictionary<string, Informer<LiveObject>> _foreignWorkloads;

    /// <summary>Makes the informers; nothing is sent until they run.</summary>
    public FleetCaches(KubeApi api, RuntimeMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        Informer<T> Follow<T>(ResourceType type, IObjectDecoder<T> decoder, string? selector = null)
            where T : class, IKubeObject =>
            new(api, type, new CacheScope(LabelSelector: selector), decoder, metrics, time, loggers.CreateLogger<Informer<T>>());

        Services = Follow(ManagedService.ResourceType, new JsonObjectDecoder<ManagedService>());
        Pods = Follow(KnownResources.Pods, new JsonObjectDecoder<PodView>());
        EndpointSlices = Follow(KnownResources.EndpointSlices, new JsonObjectDecoder<EndpointSliceView>());
        CustomResourceDefinitions = Follow(KnownResources.CustomResourceDefinitions, new JsonObjectDecoder<DefinitionView>());
        ForeignServices = Follow(KnownResources.Services, new LiveObjectDecoder(FleetApi.OperatorFieldManager), ForeignSelector);
        _owned = OwnedKinds.All.ToDictionary(type => type, type => Follow(type, OwnedKinds.Decoder(type), OwnedSelector));
        _foreignWorkloads = OwnedKinds.Workloads.ToDictionary(
            type => type.Kind, type => Follow(type, new LiveObjectDecoder(FleetApi.OperatorFieldManager), ForeignSelector));

        PodsByWorkload = Pods.Cache.AddIndex(static pod => pod.Workload is { } workload ? [workload.ToString()] : []);
        SlicesByService = EndpointSlices.Cache.AddIndex(static slice => slice.Service is { } service ? [service.ToString()] : []);
        ServicesByDependency = Services.Cache.AddIndex(DependencyKeys);
        ServicesByWorkloadRef = Services.Cache.AddIndex(static service => service.Spec.WorkloadRef is { } reference
            ? [new WorkloadKey(reference.Kind, new(service.Metadata.Namespace, reference.Name)).ToString()]
            : []);
        _ownedByService = _owned.ToDictionary(
            entry => entry.Key, entry => entry.Value.Cache.AddIndex(static item => ServiceOf(item) is { } service ? [service.ToString()] : []));

        CustomResourceDefinitions.Cache.Subscribe(change => PokeKind(change.Key.Name));
    }

    /// <summary>The declared services.</summary>
    public Informer<ManagedService> Services { get; }

    /// <summary>All pods.</summary>
    public Informer<PodView> Pods { get; }

    /// <summary>All endpoint slices.</summary>
    public Informer<EndpointSliceView> EndpointSlices { get; }

    /// <summary>The custom kinds that the cluster serves.</summary>
    public Informer<DefinitionView> CustomResourceDefinitions { get; }

    /// <summary>Services (of the cluster) that others made.</summary>
    public Informer<LiveObject> ForeignServices { get; }

    /// <summary>Pods by <see cref="WorkloadKey"/>, as text.</summary>
    public CacheIndex<PodView> PodsByWorkload { get; }

    /// <summary>Endpoint slices by the Service's <see cref="ObjectKey"/>, as text.</summary>
    public CacheIndex<EndpointSliceView> SlicesByService { get; }

    /// <summary>Services by each service that they depend on (<see cref="ObjectKey"/>, as text).</summary>
    public CacheIndex<ManagedService> ServicesByDependency { get; }

    /// <summary>Services by the workload that they adopt (<see cref="WorkloadKey"/>, as text).</summary>
    public CacheIndex<ManagedService> ServicesByWorkloadRef { get; }

    /// <summary>Every informer.</summary>
    public IEnumerable<IInformer> All =>
        [Services, Pods, EndpointSlices, CustomResourceDefinitions, ForeignServices, .. _owned.Values, .. _foreignWorkloads.Values];

    /// <summary>Owned objects of one kind.</summary>
    public Informer<LiveObject> Owned(ResourceType type) => _owned[type];

    /// <summary>Every kind of owned objects.</summary>
    public IEnumerable<Informer<LiveObject>> OwnedInformers => _owned.Values;

    /// <summary>Workloads that others run, by kind.</summary>
    public IEnumerable<Informer<LiveObject>> ForeignWorkloadInformers => _foreignWorkloads.Values;

    /// <summary>A workload that somebody else runs; null when there is none.</summary>
    public LiveObject? ForeignWorkload(WorkloadKey workload) =>
        _foreignWorkloads.TryGetValue(workload.Kind, out var informer) ? informer.Cache.Find(workload.Key) : null;

    /// <summary>Every object that carries the inventory label of a service.</summary>
    public IReadOnlyList<(ResourceType Type, LiveObject Object)> OwnedBy(ObjectKey service)
    {
        var found = new List<(ResourceType, LiveObject)>();
        foreach (var (type, index) in _ownedByService)
        {
            found.AddRange(index.Get(service.ToString()).Select(item => (type, item)));
        }

        return found;
    }

    /// <summary>The Service in front of a declared service: its own, the one that it names, the one of its name. Null when there is none.</summary>
    public LiveObject? FrontOf(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var own = service.Spec.Workload is { } workload ? workload.ObjectNames?.Service : service.Spec.WorkloadRef?.Service;
        var key = new ObjectKey(service.Metadata.Namespace, own ?? service.Spec.WorkloadRef?.Name ?? service.Metadata.Name);
        return service.Spec.Workload is null ? ForeignServices.Cache.Find(key) : Owned(KnownResources.Services).Cache.Find(key);
    }

    /// <summary>True when the cluster serves an optional kind.</summary>
    public bool Serves(ResourceType type) => _owned[type].State.Phase != CachePhase.NotServed;

    /// <summary>The service that an owned object is for, by its inventory label.</summary>
    public static ObjectKey? ServiceOf(IKubeObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Metadata.Labels.TryGetValue(FleetApi.InventoryLabel, out var name) ? new(item.Metadata.Namespace, name) : null;
    }

    private static IEnumerable<string> DependencyKeys(ManagedService service) =>
        service.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service).ToString()).Distinct(StringComparer.Ordinal);

    private void PokeKind(string definitionName)
    {
        foreach (var informer in All.Where(informer => informer.Type.QualifiedName == definitionName))
        {
            informer.Poke();
        }
    }
}

/// <summary>What the operators keep of a CustomResourceDefinition: that it is there.</summary>
public sealed record DefinitionView : IKubeObject
{
    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
}
