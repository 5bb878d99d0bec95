using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using Operators.Registry;
using Reasons = ControlPlane.Kubernetes.Resources.ManagedServiceConditions.Reasons;

namespace ControlPlane.Api.Fleet;

/// <summary>How a service is, in one word.</summary>
public enum ServiceHealth
{
    /// <summary>It can't become ready without a change by people.</summary>
    Stalled,

    /// <summary>Fewer instances serve than are wanted.</summary>
    Degraded,

    /// <summary>A change is being rolled out.</summary>
    Progressing,

    /// <summary>No operator has reported on it (yet).</summary>
    Unknown,

    /// <summary>All wanted instances serve.</summary>
    Healthy,
}

/// <summary>A service as lists show it.</summary>
public sealed record ServiceSummary
{
    /// <summary>Namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>The name people read.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Owning team.</summary>
    public required string Team { get; init; }

    /// <summary>How much the business loses while it is down.</summary>
    public required ServiceTier Tier { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required ServiceLifecycle Lifecycle { get; init; }

    /// <summary>Bounded context.</summary>
    public string? BoundedContext { get; init; }

    /// <summary>Version that runs.</summary>
    public string? Version { get; init; }

    /// <summary>Version that is being rolled out; null when it is the one that runs.</summary>
    public string? NextVersion { get; init; }

    /// <summary>How it is.</summary>
    public required ServiceHealth Health { get; init; }

    /// <summary>Reason of the Ready condition.</summary>
    public string? Reason { get; init; }

    /// <summary>Message of the Ready condition.</summary>
    public string? Message { get; init; }

    /// <summary>Instances that serve.</summary>
    public int ReadyInstances { get; init; }

    /// <summary>Instances that are wanted.</summary>
    public int DesiredInstances { get; init; }

    /// <summary>Foreign changes that were put back.</summary>
    public long Repairs { get; init; }

    /// <summary>When the last was put back (UTC).</summary>
    public DateTimeOffset? LastRepair { get; init; }

    /// <summary>Fields that fall short of the production baseline.</summary>
    public int Shortfalls { get; init; }

    /// <summary>True when somebody else runs the workload.</summary>
    public bool Adopted { get; init; }

    /// <summary>When it was declared (UTC).</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Which service it is.</summary>
    [JsonIgnore]
    public ObjectKey Key => new(Namespace, Name);

    /// <summary>Summarises a service.</summary>
    public static ServiceSummary Of(ManagedService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        var ready = service.Status?.Conditions.Find(ManagedServiceConditions.Ready);
        return new ServiceSummary
        {
            Namespace = service.Metadata.Namespace,
            Name = service.Metadata.Name,
            DisplayName = service.Spec.DisplayName ?? service.Metadata.Name,
            Team = service.Spec.Owner.Team,
            Tier = service.Spec.Tier,
            Lifecycle = service.Spec.Lifecycle,
            BoundedContext = service.Spec.BoundedContext,
            Version = service.Status?.Version,
            NextVersion = NextVersionOf(service.Status),
            Health = HealthOf(service),
            Reason = ready?.Reason,
            Message = ready?.Message,
            ReadyInstances = service.Status?.Instances?.Ready ?? 0,
            DesiredInstances = service.Status?.Instances?.Desired ?? 0,
            Repairs = service.Status?.Drift?.Repairs ?? 0,
            LastRepair = service.Status?.Drift?.LastTime,
            Shortfalls = service.Status?.Shortfalls.Count ?? 0,
            Adopted = service.Spec.WorkloadRef is not null,
            Created = service.Metadata.CreationTimestamp,
        };
    }

    private static string? NextVersionOf(ManagedServiceStatus? status) =>
        status?.Image is { } image && ImageVersion.Of(image) is var wanted && wanted != status.Version ? wanted : null;

    private static ServiceHealth HealthOf(ManagedService service)
    {
        var conditions = service.Status?.Conditions ?? [];
        if (conditions.IsTrue(ManagedServiceConditions.Stalled))
        {
            return ServiceHealth.Stalled;
        }

        return conditions.Find(ManagedServiceConditions.Ready) switch
        {
            null or { Status: ConditionStatus.Unknown } => ServiceHealth.Unknown,
            { Status: ConditionStatus.True } => ServiceHealth.Healthy,
            { Reason: Reasons.RollingOut } => ServiceHealth.Progressing,
            _ => ServiceHealth.Degraded,
        };
    }
}
