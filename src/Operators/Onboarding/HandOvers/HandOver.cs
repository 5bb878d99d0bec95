using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding.Findings;

namespace Operators.Onboarding.HandOvers;

/// <summary>How an adopted workload would pass into the operator's hands.</summary>
/// <param name="Service">The declaration under which the operator keeps the workload as it runs; null when it can't be handed over.</param>
/// <param name="Derivations">Where each value of <c>spec.workload</c> comes from, and what stays in other hands.</param>
/// <param name="Refusals">Why it can't be handed over, field by field; empty when it can.</param>
public sealed record HandOver(ManagedService? Service, IReadOnlyList<Derivation> Derivations, IReadOnlyList<Finding> Refusals);
