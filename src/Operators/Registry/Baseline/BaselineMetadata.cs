using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>Names, labels and owner that every object of a service carries.</summary>
internal static class BaselineMetadata
{
    private const string NameLabel = "app.kubernetes.io/name";
    private const string VersionLabel = "app.kubernetes.io/version";
    private const string TeamLabel = FleetApi.Group + "/team";
    private const string TierLabel = FleetApi.Group + "/tier";

    /// <summary>Metadata of an owned object.</summary>
    public static V1ObjectMeta For(ManagedService service, string? name) => new()
    {
        Name = name ?? service.Metadata.Name,
        NamespaceProperty = service.Metadata.Namespace,
        Labels = new Dictionary<string, string>
        {
            [NameLabel] = service.Metadata.Name,
            [FleetApi.ManagedByLabel] = FleetApi.ManagedByValue,
            [FleetApi.InventoryLabel] = service.Metadata.Name,
            [TeamLabel] = service.Spec.Owner.Team,
            [TierLabel] = service.Spec.Tier.ToString(),
        },
        OwnerReferences = [OwnerOf(service)],
    };

    /// <summary>How Service, budget and policy find the pods, of whatever track.</summary>
    public static IDictionary<string, string> PodSelector(ManagedService service) => service.Spec.Workload?.Selector is { } own
        ? own.ToDictionary()
        : new Dictionary<string, string> { [FleetApi.InventoryLabel] = service.Metadata.Name };

    /// <summary>How the Deployment finds its pods. It can never be changed, so it leaves room for a canary beside it from the start.</summary>
    public static IDictionary<string, string> DeploymentSelector(ManagedService service)
    {
        var selector = PodSelector(service);
        if (service.Spec.Workload?.Selector is null)
        {
            selector[Tracks.Label] = Tracks.Stable;
        }

        return selector;
    }

    /// <summary>
    /// Labels of the pods. Nothing but the version may change them without cause: a changed label is a new revision and restarts every pod.
    /// </summary>
    public static IDictionary<string, string> PodLabels(ManagedService service)
    {
        var labels = new Dictionary<string, string>(service.Spec.Workload!.PodLabels ?? new Dictionary<string, string>())
        {
            [NameLabel] = service.Metadata.Name,
        };
        if (ImageVersion.LabelValue(service.Spec.Workload.Image) is { } version)
        {
            labels[VersionLabel] = version;
        }

        foreach (var (key, value) in DeploymentSelector(service))
        {
            labels[key] = value;
        }

        return labels;
    }

    private static V1OwnerReference OwnerOf(ManagedService service) => new()
    {
        ApiVersion = ManagedService.ResourceType.ApiVersion,
        Kind = ManagedService.ResourceType.Kind,
        Name = service.Metadata.Name,
        Uid = service.Metadata.Uid ?? "",
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
