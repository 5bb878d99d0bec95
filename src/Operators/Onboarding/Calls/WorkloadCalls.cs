using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding.Existing;

namespace Operators.Onboarding.Calls;

/// <summary>A service that a workload calls.</summary>
/// <param name="Caller">The service that would adopt the workload.</param>
/// <param name="Callee">The other service.</param>
/// <param name="Source">What tells it.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Field">Field of the workload that tells it.</param>
/// <param name="IsShared">True when it is told by a configuration that other workloads share.</param>
internal sealed record ServiceCall(ObjectKey Caller, ObjectKey Callee, string Source, ObjectReference Workload, string Field, bool IsShared);

/// <summary>Where a target of a configuration leads.</summary>
/// <param name="Target">The target.</param>
/// <param name="Front">The Service of the cluster that it names; null for a name of the outside world.</param>
/// <param name="Service">The proposed or declared service behind it; null when none is known.</param>
/// <param name="Engine">The engine that it speaks of; null when it does not look like a database or queue.</param>
internal sealed record CallDestination(CallTarget Target, ObjectKey? Front, ObjectKey? Service, DatastoreEngine? Engine);

/// <summary>What one workload calls, by its variables and by its network policies.</summary>
internal sealed class WorkloadCalls
{
    public WorkloadCalls(AdoptionCandidate candidate, ContainerVariables variables, ServiceDirectory directory, EgressRules egress)
    {
        var ns = candidate.Service.Namespace;
        Candidate = candidate;
        Egress = egress;
        Variables = variables.Of(candidate.Workload);
        Destinations =
        [
            .. CallTarget.Find(Variables)
                .Select(target => Resolve(target, target.ServiceSeenFrom(ns, directory.IsNamespace), directory))
                .Where(destination => destination.Service != candidate.Service), // shared configurations name their reader too
        ];
        Services =
        [
            .. Destinations.Where(destination => destination.Service is not null).Select(destination => Call(
                destination.Service!.Value, destination.Target.Variable.Source, destination.Target.Variable.Field, destination.Target.Variable.IsShared)),
            .. egress.Rules.SelectMany(item => (item.Rule.To ?? [])
                .SelectMany(peer => directory.Behind(peer, ns))
                .Where(callee => callee != candidate.Service)
                .Distinct()
                .Select(callee => Call(callee, $"NetworkPolicy {item.Policy.Metadata.Name}, spec.egress[{item.Index}]", "spec.template.metadata.labels", isShared: false))),
        ];
    }

    public AdoptionCandidate Candidate { get; }

    public EgressRules Egress { get; }

    public IReadOnlyList<ContainerVariable> Variables { get; }

    /// <summary>Where its variables lead, itself left out.</summary>
    public IReadOnlyList<CallDestination> Destinations { get; }

    /// <summary>The proposed or declared services that it calls.</summary>
    public IReadOnlyList<ServiceCall> Services { get; }

    private static CallDestination Resolve(CallTarget target, ObjectKey? front, ServiceDirectory directory) => new(
        target,
        front,
        front is { } key ? directory.Behind(key) : null,
        DatastoreEngine.Find(target.Subject, target.Scheme, target.Port));

    private ServiceCall Call(ObjectKey callee, string source, string field, bool isShared) =>
        new(Candidate.Service, callee, source, Candidate.Workload.Reference, field, isShared);
}
