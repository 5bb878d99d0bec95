using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Web.Tests.Testing;

/// <summary>Services in a line each.</summary>
internal static class Samples
{
    public static ManagedService Service(string name, string team = "orders", ServiceTier tier = ServiceTier.High, string ns = "shop") => new()
    {
        ApiVersion = ManagedService.ResourceType.ApiVersion,
        Kind = ManagedService.ResourceType.Kind,
        Metadata = new ObjectMeta { Name = name, Namespace = ns, Uid = $"uid-{name}", Generation = 1 },
        Spec = new ManagedServiceSpec
        {
            Owner = new ServiceOwner { Team = team },
            Tier = tier,
            Workload = new ServiceWorkload { Image = $"fleet/{name}:1.0.0" },
        },
    };

    public static ManagedService Ready(this ManagedService service) => service.With(ConditionStatus.True, "AllServe", "all 2 instances serve");

    public static ManagedService Broken(this ManagedService service) => service.With(ConditionStatus.False, "InstancesNotReady", "0 of 2 instances serve");

    private static ManagedService With(this ManagedService service, string status, string reason, string message) => service with
    {
        Status = new ManagedServiceStatus
        {
            ObservedGeneration = 1,
            Conditions = [new Condition { Type = ManagedServiceConditions.Ready, Status = status, Reason = reason, Message = message }],
        },
    };
}
