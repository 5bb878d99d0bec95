using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>
/// One service of the fleet: what it is, who owns it, what it depends on, and either the workload that the operator keeps running for it or
/// a reference to a workload that somebody else runs. Mirrors <c>manifests/crds/managedservices.yaml</c>, which says units, ranges and defaults.
/// </summary>
public sealed record ManagedService : CustomResource<ManagedServiceSpec, ManagedServiceStatus>
{
    /// <summary>Where the API serves it.</summary>
    public static ResourceType ResourceType { get; } = new(FleetApi.Group, FleetApi.Version, "managedservices", "ManagedService");

    /// <summary>The Service (of the cluster) in front of it.</summary>
    [JsonIgnore]
    public ObjectKey Front => new(Metadata.Namespace, Spec.WorkloadRef is { } reference ? reference.Service ?? reference.Name : Spec.Workload?.ObjectNames?.Service ?? Metadata.Name);
}

/// <summary>Desired state of a <see cref="ManagedService"/>.</summary>
public sealed record ManagedServiceSpec
{
    /// <summary>The name people read; null for the object's name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What the service does.</summary>
    public string? Description { get; init; }

    /// <summary>Who answers for it.</summary>
    public ServiceOwner Owner { get; init; } = new();

    /// <summary>Bounded context that it belongs to.</summary>
    public string? BoundedContext { get; init; }

    /// <summary>Business capability that it provides.</summary>
    public string? Capability { get; init; }

    /// <summary>How much the business loses while it is down.</summary>
    public ServiceTier Tier { get; init; } = ServiceTier.Standard;

    /// <summary>Where it is in its life.</summary>
    public ServiceLifecycle Lifecycle { get; init; } = ServiceLifecycle.Production;

    /// <summary>What it is built with.</summary>
    public ServiceTechnology? Technology { get; init; }

    /// <summary>Databases and queues that it owns.</summary>
    public IReadOnlyList<Datastore> Datastores { get; init; } = [];

    /// <summary>The most sensitive data that it handles.</summary>
    public DataClassification DataClassification { get; init; } = DataClassification.Internal;

    /// <summary>What others may rely on.</summary>
    public ServiceContracts? Contracts { get; init; }

    /// <summary>Managed services that it calls.</summary>
    public IReadOnlyList<ServiceDependency> DependsOn { get; init; } = [];

    /// <summary>What it calls outside of the fleet.</summary>
    public IReadOnlyList<ExternalDependency> ExternalDependencies { get; init; } = [];

    /// <summary>What its users may expect.</summary>
    public ServiceLevelObjective? Slo { get; init; }

    /// <summary>Rules that it answers to.</summary>
    public ServiceCompliance? Compliance { get; init; }

    /// <summary>Who pays.</summary>
    public ServiceCost? Cost { get; init; }

    /// <summary>Active health check; null when readiness alone decides.</summary>
    public ActiveHealthCheck? HealthCheck { get; init; }

    /// <summary>A workload that somebody else runs; null when <see cref="Workload"/> is set.</summary>
    public WorkloadReference? WorkloadRef { get; init; }

    /// <summary>What the operator runs; null when <see cref="WorkloadRef"/> is set.</summary>
    public ServiceWorkload? Workload { get; init; }
}

/// <summary>How much the business loses while a service is down.</summary>
public enum ServiceTier
{
    /// <summary>Orders or money stop.</summary>
    Critical,

    /// <summary>Customers notice at once.</summary>
    High,

    /// <summary>Customers notice in time.</summary>
    Standard,

    /// <summary>Nobody outside notices.</summary>
    Low,
}

/// <summary>Where a service is in its life.</summary>
public enum ServiceLifecycle
{
    /// <summary>Not yet relied on.</summary>
    Experimental,

    /// <summary>Relied on.</summary>
    Production,

    /// <summary>No new consumers.</summary>
    Deprecated,
}

/// <summary>Sensitivity of data, from none to payment data and identity documents.</summary>
public enum DataClassification
{
    /// <summary>Anyone may see it.</summary>
    Public,

    /// <summary>Staff may see it.</summary>
    Internal,

    /// <summary>Those who need it may see it.</summary>
    Confidential,

    /// <summary>Payment data and identity documents.</summary>
    Restricted,
}

/// <summary>Who answers for a service.</summary>
public sealed record ServiceOwner
{
    /// <summary>The owning team.</summary>
    public string Team { get; init; } = "";

    /// <summary>The team's mailbox.</summary>
    public string? Email { get; init; }

    /// <summary>The team's chat channel.</summary>
    public string? Channel { get; init; }
}

/// <summary>What a service is built with.</summary>
public sealed record ServiceTechnology
{
    /// <summary>Programming language.</summary>
    public string? Language { get; init; }

    /// <summary>Framework.</summary>
    public string? Framework { get; init; }

    /// <summary>URL of its source.</summary>
    public string? Repository { get; init; }
}

/// <summary>A database or queue that a service owns.</summary>
public sealed record Datastore
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Engine, such as PostgreSQL.</summary>
    public string Engine { get; init; } = "";

    /// <summary>What it holds.</summary>
    public string? Holds { get; init; }

    /// <summary>DNS name.</summary>
    public string? Host { get; init; }

    /// <summary>TCP port; opens egress.</summary>
    public int? Port { get; init; }

    /// <summary>Address range; null for any.</summary>
    public string? Cidr { get; init; }
}

/// <summary>Contracts that others may rely on.</summary>
public sealed record ServiceContracts
{
    /// <summary>Synchronous contracts.</summary>
    public IReadOnlyList<ApiContract> Apis { get; init; } = [];

    /// <summary>Events that it publishes.</summary>
    public IReadOnlyList<EventTopic> Publishes { get; init; } = [];

    /// <summary>Events that it consumes.</summary>
    public IReadOnlyList<EventTopic> Subscribes { get; init; } = [];
}

/// <summary>A synchronous contract.</summary>
public sealed record ApiContract
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>OpenAPI</c>, <c>gRPC</c> or <c>GraphQL</c>.</summary>
    public string Type { get; init; } = "OpenAPI";

    /// <summary>Path at which an instance serves its description.</summary>
    public string? Path { get; init; }
}

/// <summary>Events of one topic.</summary>
public sealed record EventTopic
{
    /// <summary>Topic.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Event types.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];
}

/// <summary>A managed service that another one calls.</summary>
public sealed record ServiceDependency
{
    /// <summary>Name of the service.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its namespace; empty for the caller's own.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>True when the caller works, degraded, without it.</summary>
    public bool Optional { get; init; }

    /// <summary>Which service it is, seen from the one that declares it.</summary>
    public ObjectKey KeyFrom(IKubeObject caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new(Namespace.Length > 0 ? Namespace : caller.Metadata.Namespace, Name);
    }
}

/// <summary>Something outside of the fleet that a service calls.</summary>
public sealed record ExternalDependency
{
    /// <summary>Name people know it by.</summary>
    public string Name { get; init; } = "";

    /// <summary>DNS name.</summary>
    public string? Host { get; init; }

    /// <summary>TCP port; opens egress.</summary>
    public int Port { get; init; }

    /// <summary>Address range; null for any.</summary>
    public string? Cidr { get; init; }
}

/// <summary>What the users of a service may expect.</summary>
public sealed record ServiceLevelObjective
{
    /// <summary>Per cent of requests that succeed, as a decimal string.</summary>
    public string? Availability { get; init; }

    /// <summary>Latency targets.</summary>
    public IReadOnlyList<LatencyTarget> Latency { get; init; } = [];

    /// <summary>Rolling window in days.</summary>
    public int WindowDays { get; init; } = 30;
}

/// <summary>A latency target.</summary>
public sealed record LatencyTarget
{
    /// <summary>Percentile, 1 to 99.</summary>
    public int Percentile { get; init; }

    /// <summary>Duration, such as <c>500ms</c>.</summary>
    public string Threshold { get; init; } = "";
}

/// <summary>Rules that a service answers to.</summary>
public sealed record ServiceCompliance
{
    /// <summary><c>RBI</c>, <c>GST</c>, <c>CERT-In</c>, <c>DPDP</c>, <c>PCI-DSS</c>.</summary>
    public IReadOnlyList<string> Frameworks { get; init; } = [];
}

/// <summary>Who pays for a service.</summary>
public sealed record ServiceCost
{
    /// <summary>Cost centre.</summary>
    public string? Center { get; init; }

    /// <summary>What it may cost in a calendar month.</summary>
    public MoneyAmount? MonthlyBudget { get; init; }
}

/// <summary>An amount of money.</summary>
public sealed record MoneyAmount
{
    /// <summary>Decimal amount.</summary>
    public string Amount { get; init; } = "";

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get; init; } = "INR";
}

/// <summary>An active check of every instance by the control plane.</summary>
public sealed record ActiveHealthCheck
{
    /// <summary>Path of an HTTP GET; 200 to 399 is healthy.</summary>
    public string Path { get; init; } = "/health";

    /// <summary>Name of the port; null for the first.</summary>
    public string? Port { get; init; }

    /// <summary>Seconds between checks of an instance.</summary>
    public int IntervalSeconds { get; init; } = 30;

    /// <summary>Seconds until an unanswered check has failed.</summary>
    public int TimeoutSeconds { get; init; } = 5;

    /// <summary>Passed checks in a row that make an instance healthy again.</summary>
    public int HealthyThreshold { get; init; } = 1;

    /// <summary>Failed checks in a row that make it unhealthy.</summary>
    public int UnhealthyThreshold { get; init; } = 2;
}

/// <summary>Names a workload that somebody else runs.</summary>
public sealed record WorkloadReference
{
    /// <summary><c>apps/v1</c>.</summary>
    public string ApiVersion { get; init; } = "apps/v1";

    /// <summary><c>Deployment</c>, <c>StatefulSet</c> or <c>DaemonSet</c>.</summary>
    public string Kind { get; init; } = "Deployment";

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The Service in front of it; null for the one of the workload's name.</summary>
    public string? Service { get; init; }
}
