using ControlPlane.Kubernetes.Resources;
using Operators.Onboarding.Calls;
using Operators.Onboarding.Existing;
using Operators.Onboarding.Findings;

namespace Operators.Onboarding;

/// <summary>
/// Proposes how what a team already runs would become managed services, and says what about it people should look at. Pure: nothing is read
/// or written.
/// </summary>
public static class AdoptionPlanner
{
    /// <summary>Proposes.</summary>
    /// <param name="existing">What the team has.</param>
    /// <param name="fleet">The services that are declared already: what is proposed can depend on them, and they are not proposed again.</param>
    public static AdoptionPlan Propose(ExistingObjects existing, IReadOnlyCollection<ManagedService> fleet)
    {
        ArgumentNullException.ThrowIfNull(existing);
        ArgumentNullException.ThrowIfNull(fleet);
        var candidates = AdoptionCandidate.Find(existing, fleet);
        var directory = new ServiceDirectory(existing, candidates, fleet);
        var variables = new ContainerVariables(existing);
        List<WorkloadCalls> calls =
        [
            .. candidates.Select(candidate => new WorkloadCalls(candidate, variables, directory, new EgressRules(existing, directory, candidate.Workload))),
        ];
        var declared = fleet.SelectMany(service => service.Spec.DependsOn.Select(dependency => (service.Metadata.Key, dependency.KeyFrom(service))));
        var (kept, leftOut) = CallCycles.Divide([.. calls.SelectMany(item => item.Services)], declared);
        var dependencies = kept.ToLookup(call => call.Caller);

        IEnumerable<Finding> findings =
        [
            .. existing.Unreadable,
            .. calls.SelectMany(item => WorkloadFindings.Check(existing, item)),
            .. calls.SelectMany(CallFindings.Check),
            .. leftOut.Select(CallFindings.Circular),
            .. NetworkPolicyFindings.Check(existing, calls),
            .. AutoscalerFindings.Check(existing),
            .. ServiceFindings.Check(existing),
            .. AccessFindings.Check(existing),
            .. SecretFindings.Check(existing),
        ];
        return new(
            [.. calls.Select(item => new ProposalWriter(existing, item, [.. dependencies[item.Candidate.Service]]).Write())],
            [
                .. findings.Distinct()
                    .OrderByDescending(finding => finding.Severity)
                    .ThenBy(finding => finding.Object.Key, ObjectKey.ListOrder)
                    .ThenBy(finding => finding.Object.Kind, StringComparer.Ordinal)
                    .ThenBy(finding => finding.Field, StringComparer.Ordinal),
            ]);
    }
}
