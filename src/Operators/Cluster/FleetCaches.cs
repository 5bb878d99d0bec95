using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.Logging;
using Operators.Traffic;
using Operators.Traffic.Providers;

namespace Operators.Cluster;

/// <summary>
/// What the process knows of the cluster: one informer for each kind, shared by operators, queries and pages. Objects that the fleet's operators
/// own and those of others are kept apart by label, so that each cache holds what its readers need.
/// </summary>
public sealed class FleetCaches
{
    private const string OwnedSelector = $"{FleetApi.ManagedByLabel}={FleetApi.ManagedByValue}";
    private const string ForeignSelector = $"{FleetApi.ManagedByLabel}!={FleetApi.ManagedByValue}";

    private readonly OwnedObjects _owned;
    private readonly Dictionary<string, Informer<LiveObject>> _foreignWorkloads;
    private readonly bool _followsEvents;

    /// <summary>Makes the informers; nothing is sent until they run.</summary>
    /// <param name="api">The cluster.</param>
    /// <param name="metrics">Where lists and watches are counted.</param>
    /// <param name="time">Clock of pauses and limits.</param>
    /// <param name="loggers">Where they say what goes wrong.</param>
    /// <param name="followsEvents">
    /// False: <see cref="Events"/> stays empty. A busy cluster makes more events than anything else, and only people read them.
    /// </param>
    public FleetCaches(KubeApi api, RuntimeMetrics metrics, TimeProvider time, ILoggerFactory loggers, bool followsEvents = true)
    {
        _followsEvents = followsEvents;
        ArgumentNullException.ThrowIfNull(loggers);
        Informer<T> Follow<T>(ResourceType type, IObjectDecoder<T> decoder, string? selector = null)
            where T : class, IKubeObject =>
            new(api, type, new CacheScope(LabelSelector: selector), decoder, metrics, time, loggers.CreateLogger<Informer<T>>());

        Services = Follow(ManagedService.ResourceType, new JsonObjectDecoder<ManagedService>());
        Pods = Follow(KnownResources.Pods, new JsonObjectDecoder<PodView>());
        EndpointSlices = Follow(KnownResources.EndpointSlices, new JsonObjectDecoder<EndpointSliceView>());
        Events = Follow(KnownResources.Events, new JsonObjectDecoder<EventView>());
        CustomResourceDefinitions = Follow(KnownResources.CustomResourceDefinitions, new JsonObjectDecoder<DefinitionView>());
        ForeignServices = Follow(KnownResources.Services, new LiveObjectDecoder(FleetApi.OperatorFieldManager), ForeignSelector);
        _owned = new OwnedObjects(OwnedKinds.All, type => Follow(type, OwnedKinds.Decoder(type), OwnedSelector));
        TrafficObjects = new OwnedObjects(TrafficProviders.Kinds, type => Follow(type, OwnedKinds.Decoder(type), OwnedSelector));
        _foreignWorkloads = OwnedKinds.Workloads.ToDictionary(
            type => type.Kind, type => Follow(type, new LiveObjectDecoder(FleetApi.OperatorFieldManager), ForeignSelector));

        PodsByWorkload = Pods.Cache.AddIndex(static pod => pod.Workload is { } workload ? [workload.ToString()] : []);
        EventsBySubject = Events.Cache.AddIndex(static item => [item.Regarding.ToString()]);
        SlicesByService = EndpointSlices.Cache.AddIndex(static slice => slice.Service is { } service ? [service.ToString()] : []);
        Policies = new PolicyCaches(api, metrics, time, loggers);
        Rollouts = Follow(CanaryRollout.ResourceType, new JsonObjectDecoder<CanaryRollout>());
        Revisions = Follow(KnownResources.ControllerRevisions, new LiveObjectDecoder(FleetApi.OperatorFieldManager), OwnedSelector);
        RevisionsByService = Revisions.Cache.AddIndex(static kept => ServiceOf(kept) is { } service ? [service.ToString()] : []);
        RolloutsWithTraffic = Rollouts.Cache.AddIndex(static rollout => rollout.Status?.TrafficSince is not null ? [""] : []);
        RolloutsByMember = Rollouts.Cache.AddIndex(static rollout =>
            rollout.Spec.Members.Select(member => new ObjectKey(rollout.Metadata.Namespace, member.Service).ToString()).Distinct());
        ServicesByNamespace = Services.Cache.AddIndex(static service => [service.Metadata.Namespace]);
        ServicesByDependency = Services.Cache.AddIndex(DependencyKeys);
        ServicesByFront = Services.Cache.AddIndex(static service => [FrontKey(service).ToString()]);
        ServicesByWorkloadRef = Services.Cache.AddIndex(static service => service.Spec.WorkloadRef is not null
            ? [WorkloadKeyOf(service).ToString()]
            : []);
        CustomResourceDefinitions.Cache.Subscribe(change => PokeKind(change.Key.Name));
    }

    /// <summary>The declared services.</summary>
    public Informer<ManagedService> Services { get; }

    /// <summary>The declared traffic policies.</summary>
    public PolicyCaches Policies { get; }

    /// <summary>The declared rollouts.</summary>
    public Informer<CanaryRollout> Rollouts { get; }

    /// <summary>Versions of what services run, that rollouts keep.</summary>
    public Informer<LiveObject> Revisions { get; }

    /// <summary>Those versions by service (<see cref="ObjectKey"/>, as text).</summary>
    public CacheIndex<LiveObject> RevisionsByService { get; }

    /// <summary>Rollouts whose canaries have requests, all under the empty text.</summary>
    public CacheIndex<CanaryRollout> RolloutsWithTraffic { get; }

    /// <summary>Rollouts by each service that they move (<see cref="ObjectKey"/>, as text).</summary>
    public CacheIndex<CanaryRollout> RolloutsByMember { get; }

    /// <summary>Objects that traffic providers made for services.</summary>
    public OwnedObjects TrafficObjects { get; }

    /// <summary>All pods.</summary>
    public Informer<PodView> Pods { get; }

    /// <summary>All endpoint slices.</summary>
    public Informer<EndpointSliceView> EndpointSlices { get; }

    /// <summary>Events of the last hour or so, as long as the cluster keeps them.</summary>
    public Informer<EventView> Events { get; }

    /// <summary>Events by what they are about (<see cref="EventSubjectView"/>, as text).</summary>
    public CacheIndex<EventView> EventsBySubject { get; }

    /// <summary>The custom kinds that the cluster serves.</summary>
    public Informer<DefinitionView> CustomResourceDefinitions { get; }

    /// <summary>Services (of the cluster) that others made.</summary>
    public Informer<LiveObject> ForeignServices { get; }

    /// <summary>Pods by <see cref="WorkloadKey"/>, as text.</summary>
    public CacheIndex<PodView> PodsByWorkload { get; }

    /// <summary>Endpoint slices by the Service's <see cref="ObjectKey"/>, as text.</summary>
    public CacheIndex<EndpointSliceView> SlicesByService { get; }

    /// <summary>Services by namespace.</summary>
    public CacheIndex<ManagedService> ServicesByNamespace { get; }

    /// <summary>Services by each service that they depend on (<see cref="ObjectKey"/>, as text).</summary>
    public CacheIndex<ManagedService> ServicesByDependency { get; }

    /// <summary>Services by the Service (of the cluster) in front of them (<see cref="ObjectKey"/>, as text).</summary>
    public CacheIndex<ManagedService> ServicesByFront { get; }

    /// <summary>Services by the workload that they adopt (<see cref="WorkloadKey"/>, as text).</summary>
    public CacheIndex<ManagedService> ServicesByWorkloadRef { get; }

    /// <summary>Every informer that is to run.</summary>
    public IEnumerable<IInformer> All =>
    [
        Services, .. Policies.All, Rollouts, Revisions, Pods, EndpointSlices, CustomResourceDefinitions, ForeignServices, .. _owned.Informers, .. TrafficObjects.Informers,
        .. _foreignWorkloads.Values, .. _followsEvents ? (IInformer[])[Events] : [],
    ];

    /// <summary>Owned objects of one kind.</summary>
    public Informer<LiveObject> Owned(ResourceType type) => _owned[type];

    /// <summary>Every kind of owned objects.</summary>
    public IEnumerable<Informer<LiveObject>> OwnedInformers => _owned.Informers;

    /// <summary>Workloads that others run, by kind.</summary>
    public IEnumerable<Informer<LiveObject>> ForeignWorkloadInformers => _foreignWorkloads.Values;

    /// <summary>A workload that somebody else runs; null when there is none.</summary>
    public LiveObject? ForeignWorkload(WorkloadKey workload) =>
        _foreignWorkloads.TryGetValue(workload.Kind, out var informer) ? informer.Cache.Find(workload.Key) : null;

    /// <summary>Every object of the baseline that is for a service (see <see cref="ServiceOf"/>).</summary>
    public IReadOnlyList<(ResourceType Type, LiveObject Object)> OwnedBy(ObjectKey service) => _owned.Of(service);

    /// <summary>The Service in front of a declared service; null when there is none.</summary>
    public LiveObject? FrontOf(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var informer = service.Spec.Workload is { Exposure.Enabled: true } ? Owned(KnownResources.Services) : ForeignServices;
        return informer.Cache.Find(FrontKey(service));
    }

    /// <summary>The workload that runs a declared service, whoever keeps it; null when there is none.</summary>
    public LiveObject? WorkloadOf(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var workload = WorkloadKeyOf(service);
        return service.Spec.WorkloadRef is null ? Owned(KnownResources.Deployments).Cache.Find(workload.Key) : ForeignWorkload(workload);
    }

    /// <summary>Name of the Service in front of a declared service.</summary>
    public static ObjectKey FrontKey(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service.Front;
    }

    /// <summary>Name of the workload that runs a declared service.</summary>
    public static WorkloadKey WorkloadKeyOf(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service.Spec.WorkloadRef is { } reference
            ? new(reference.Kind, new(service.Metadata.Namespace, reference.Name))
            : new("Deployment", new(service.Metadata.Namespace, service.Spec.Workload?.ObjectNames?.Deployment ?? service.Metadata.Name));
    }

    /// <summary>True when the cluster serves an optional kind.</summary>
    public bool Serves(ResourceType type) => _owned[type].State.Phase != CachePhase.NotServed;

    /// <summary>
    /// The service that an owned object is for: its controlling owner, and by the inventory label only while it has none. So a hand edit of
    /// either is seen as drift of an owned object, and an edited label never makes another service prune the object.
    /// </summary>
    public static ObjectKey? ServiceOf(IKubeObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Metadata.ControllerOwner switch
        {
            { } owner when owner.Kind == ManagedService.ResourceType.Kind && owner.ApiVersion.StartsWith($"{FleetApi.Group}/", StringComparison.Ordinal) =>
                new(item.Metadata.Namespace, owner.Name),
            null when item.Metadata.Labels.TryGetValue(FleetApi.InventoryLabel, out var name) => new(item.Metadata.Namespace, name),
            _ => null,
        };
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
