using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Registry;

namespace ControlPlane.Api.Fleet;

/// <summary>All about one service, from the caches. One that the caller may not see is as one that is not declared.</summary>
public sealed class ServiceQuery(FleetCaches caches, FleetGraph graph, BaselinePlanner planner, FleetQuery fleet, KubeApi api)
{
    private const int MostEvents = 100;

    /// <summary>A service; null when it is not declared.</summary>
    public ServiceDetails? Find(ObjectKey key)
    {
        if (Visible(key) is not { } service)
        {
            return null;
        }

        return new ServiceDetails
        {
            Summary = fleet.Find(key) ?? ServiceSummary.Of(service),
            ResourceVersion = service.Metadata.ResourceVersion ?? "",
            Spec = service.Spec,
            Status = service.Status,
            Dependencies = [.. service.Spec.DependsOn.Select(dependency => Related(dependency.KeyFrom(service), dependency.Optional))],
            Callers =
            [
                .. graph.CallersOf(key)
                    .Where(caller => fleet.Find(caller.Metadata.Key) is not null)
                    .OrderBy(caller => caller.Metadata.Key, ObjectKey.ListOrder)
                    .Select(caller => Related(caller.Metadata.Key, caller.Spec.DependsOn.First(d => d.KeyFrom(caller) == key).Optional)),
            ],
            KeptBy = GitOpsOwner.Of(service.Metadata),
        };
    }

    /// <summary>The declaration as it is stored, without what the API server keeps for itself.</summary>
    /// <exception cref="RequestException">There is none that the caller may see.</exception>
    /// <exception cref="KubeApiException">The API refuses.</exception>
    public async Task<string> ManifestAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (Visible(key) is null)
        {
            throw new RequestException(HttpStatusCode.NotFound, "name", $"There is no ManagedService {key}");
        }

        var stored = JsonNode.Parse(await api.GetBytesAsync(ManagedService.ResourceType, key, cancellationToken))!.AsObject();
        return ManifestWriter.ToYaml(ObjectDiff.Presentable(stored)!);
    }

    /// <summary>The objects that the operator keeps for a service, desired against live; null when the service is not declared.</summary>
    public IReadOnlyList<ServiceObject>? Objects(ObjectKey key)
    {
        if (Visible(key) is not { } service)
        {
            return null;
        }

        var live = caches.OwnedBy(key).ToDictionary(item => (item.Type, item.Object.Metadata.Key), item => item.Object);
        return [.. planner.Plan(service).Select(desired => ToObject(desired, live.GetValueOrDefault((desired.Type, desired.Key))))];
    }

    /// <summary>What is declared of the workload beside what runs; empty when neither is known.</summary>
    public IReadOnlyList<ComparedProperty> Compare(ObjectKey key)
    {
        if (Visible(key) is not { } service)
        {
            return [];
        }

        var declared = planner.Plan(service).FirstOrDefault(desired => desired.Type == KnownResources.Deployments);
        return WorkloadComparison.Of(
            declared is null ? null : JsonNode.Parse(declared.Json.Span)!.AsObject(),
            caches.WorkloadOf(service) is { } live ? JsonNode.Parse(live.Json.Span)!.AsObject() : null);
    }

    /// <summary>Who set which fields of an owned object.</summary>
    /// <exception cref="KubeApiException">Not found, or the API refuses.</exception>
    public async Task<IReadOnlyList<ManagedFields>> FieldManagersAsync(ObjectKey service, string kind, string name, CancellationToken cancellationToken) =>
        Visible(service) is not null && OwnedKinds.All.FirstOrDefault(type => type.Kind == kind) is { } type
            ? ManagedFields.Of(await api.GetBytesAsync(type, service with { Name = name }, cancellationToken))
            : [];

    /// <summary>Events about a service and what belongs to it, newest first.</summary>
    public IReadOnlyList<ServiceEvent> Events(ObjectKey key)
    {
        if (Visible(key) is not { } service)
        {
            return [];
        }

        var workload = FleetCaches.WorkloadKeyOf(service);
        IEnumerable<string> subjects =
        [
            $"ManagedService {key}",
            workload.ToString(),
            .. caches.OwnedBy(key).Select(item => $"{item.Type.Kind} {item.Object.Metadata.Key}"),
            .. caches.PodsByWorkload.Get(workload.ToString()).SelectMany(Subjects),
        ];
        return
        [
            .. subjects.Distinct(StringComparer.Ordinal)
                .SelectMany(caches.EventsBySubject.Get)
                .Where(item => item.LastSeen is not null)
                .OrderByDescending(item => item.LastSeen)
                .Take(MostEvents)
                .Select(item => new ServiceEvent(
                    item.LastSeen!.Value, item.Type, item.Reason, $"{item.Regarding.Kind}/{item.Regarding.Name}", item.Note ?? "", item.Count)),
        ];
    }

    private ManagedService? Visible(ObjectKey key) => fleet.Find(key) is null ? null : caches.Services.Cache.Find(key);

    private static IEnumerable<string> Subjects(PodView pod)
    {
        yield return $"Pod {pod.Metadata.Key}";
        if (pod.Metadata.ControllerOwner is { Kind: "ReplicaSet" } owner)
        {
            yield return $"ReplicaSet {pod.Metadata.Namespace}/{owner.Name}";
        }
    }

    private RelatedService Related(ObjectKey key, bool optional) => new(key.Namespace, key.Name, fleet.Find(key)?.Health, optional);

    private static ServiceObject ToObject(DesiredObject desired, LiveObject? live)
    {
        var wanted = JsonNode.Parse(desired.Json.Span)!.AsObject();
        var whole = live?.ToJson(desired.Type);
        var sync = live is null ? ObjectSync.Missing : Applier.Differs(desired, live) ? ObjectSync.Drifted : ObjectSync.InSync;
        return new(
            desired.Type.ApiVersion,
            desired.Type.Kind,
            desired.Key.Name,
            sync,
            ManifestWriter.ToYaml(wanted),
            whole is null ? null : ManifestWriter.ToYaml(ObjectDiff.Presentable(whole)!),
            ObjectDiff.Of(whole is null ? null : DeclaredFields.Of(whole, wanted), wanted));
    }
}
