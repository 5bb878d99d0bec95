using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;

namespace Operators.Registry;

/// <summary>All that a service's status is planned from.</summary>
public sealed record ServiceObservation
{
    /// <summary>The declaration, with the status so far.</summary>
    public required ManagedService Service { get; init; }

    /// <summary>What is wrong with the declaration.</summary>
    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];

    /// <summary>Objects that could not be brought to their declared state.</summary>
    public IReadOnlyList<ApplyFailure> Failures { get; init; } = [];

    /// <summary>What this reconcile wrote.</summary>
    public IReadOnlyList<AppliedChange> Changes { get; init; } = [];

    /// <summary>What is kept for the service; empty when it only adopts.</summary>
    public IReadOnlyList<DesiredObject> Objects { get; init; } = [];

    /// <summary>The workload that runs; null when there is none (yet).</summary>
    public WorkloadView? Workload { get; init; }

    /// <summary>Its pods.</summary>
    public IReadOnlyList<PodView> Pods { get; init; } = [];

    /// <summary>The Service in front of it and its ports; null when there is none.</summary>
    public ServiceFront? Front { get; init; }
}

/// <summary>A Service in front of pods.</summary>
/// <param name="Key">Its namespace and name.</param>
/// <param name="Ports">Its ports.</param>
public sealed record ServiceFront(ObjectKey Key, IReadOnlyList<FrontPort> Ports);

/// <summary>A port of a Service.</summary>
/// <param name="Port">Number.</param>
/// <param name="Scheme"><c>http</c>, <c>grpc</c> or <c>tcp</c>.</param>
public readonly record struct FrontPort(int Port, string Scheme);
