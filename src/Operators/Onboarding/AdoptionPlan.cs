using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding.Findings;

namespace Operators.Onboarding;

/// <summary>How existing workloads would become managed services. A proposal: nothing is written.</summary>
/// <param name="Proposals">One service for each workload, by namespace and name.</param>
/// <param name="Findings">What falls short of the baseline, contradicts itself or could not be understood, the worst first.</param>
public sealed record AdoptionPlan(IReadOnlyList<AdoptionProposal> Proposals, IReadOnlyList<Finding> Findings);

/// <summary>A service that would adopt a workload as it runs.</summary>
/// <param name="Service">The declaration; adopting never writes to the workload.</param>
/// <param name="Ports">Ports of the Service in front of the workload, as a hand-over would declare them.</param>
/// <param name="Derivations">Where each value of the declaration comes from.</param>
public sealed record AdoptionProposal(ManagedService Service, IReadOnlyList<WorkloadPort> Ports, IReadOnlyList<Derivation> Derivations)
{
    /// <summary>
    /// Stands for the owning team where nothing tells it. In capitals, so that the API server refuses a declaration in which it was left.
    /// </summary>
    public const string OwnerPlaceholder = "FILL-IN-THE-OWNING-TEAM";
}

/// <summary>Where a value of a declaration comes from.</summary>
/// <param name="Field">Field of the declaration.</param>
/// <param name="Value">Its value.</param>
/// <param name="Source">What tells it: an object and a field, or a rule.</param>
public sealed record Derivation(string Field, string Value, string Source);
