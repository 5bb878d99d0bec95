using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Validation;
using ControlPlane.Kubernetes.Status;

namespace Operators.Traffic;

/// <summary>Tells what became of a policy. Pure.</summary>
public static class PolicyStatusPlanner
{
    private const int Shown = 20;

    /// <summary>The status that a policy should have.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="identity">Its kind and name.</param>
    /// <param name="problems">What is wrong with it.</param>
    /// <param name="reached">The services that it reaches, each with the last report; null while there was none.</param>
    /// <param name="now">The time (UTC).</param>
    public static PolicyStatus Plan<TSpec>(
        CustomResource<TSpec, PolicyStatus> policy,
        PolicyIdentity identity,
        IReadOnlyList<PolicyProblem> problems,
        IReadOnlyList<(ObjectKey Service, ServiceTraffic? Traffic)> reached,
        DateTimeOffset now)
        where TSpec : class, IPolicySpec, new()
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentNullException.ThrowIfNull(reached);
        var outcomes = reached.Select(item => (item.Service, item.Traffic, Outcome: item.Traffic?.Policies.GetValueOrDefault(identity))).ToList();
        UnsupportedSetting[] unsupported = [.. outcomes.SelectMany(item => item.Outcome?.Unsupported ?? []).Distinct().OrderBy(gap => gap.Field, StringComparer.Ordinal)];
        var programmed = problems.Count > 0 ? 0 : outcomes.Count(static item => item is { Traffic: { Provider: not null, Failure: null }, Outcome.Unsupported.Count: 0 });
        var accepted = Accepted(problems, outcomes.Count, outcomes.Count(static item => item.Outcome is { Holds: false }));
        var inDataPlane = Programmed(accepted, outcomes.Select(static item => item.Traffic), unsupported, programmed, outcomes.Count);
        var ready = inDataPlane.Status == ConditionStatus.True ? inDataPlane with { Type = PolicyConditions.Ready } : (accepted.Status == ConditionStatus.True ? inDataPlane : accepted) with { Type = PolicyConditions.Ready };
        return new()
        {
            ObservedGeneration = policy.Metadata.Generation,
            Conditions = Conditions.Update(policy.Status?.Conditions ?? [], [accepted, inDataPlane, ready], policy.Metadata.Generation, now),
            Targets = new() { Matched = outcomes.Count, Programmed = programmed, Summary = $"{programmed}/{outcomes.Count}" },
            Provider = outcomes.Select(static item => item.Traffic?.Provider).FirstOrDefault(static provider => provider is not null),
            Overridden =
            [
                .. outcomes.OrderBy(static item => item.Service, ObjectKey.ListOrder)
                    .SelectMany(static item => (item.Outcome?.Overridden ?? []).Select(lost => new OverriddenSetting { Service = item.Service.Name, Field = lost.Field, By = lost.By }))
                    .Take(Shown),
            ],
            Unsupported = [.. unsupported.Take(Shown)],
        };
    }

    private static Condition Accepted(IReadOnlyList<PolicyProblem> problems, int reached, int lost) => problems.Count > 0
        ? Is(PolicyConditions.Accepted, false, PolicyConditions.Reasons.Invalid, string.Join("; ", problems.Take(5)))
        : reached == 0 ? Is(PolicyConditions.Accepted, false, PolicyConditions.Reasons.TargetNotFound, "spec.targetRefs, spec.targetSelectors: no ManagedService of this namespace is what they say")
        : lost == reached ? Is(PolicyConditions.Accepted, false, PolicyConditions.Reasons.Overridden, "other policies win over every setting of it, at every service that it reaches: see status.overridden")
        : Is(PolicyConditions.Accepted, true, PolicyConditions.Reasons.Accepted, $"it reaches {Count(reached)}");

    private static Condition Programmed(Condition accepted, IEnumerable<ServiceTraffic?> reports, UnsupportedSetting[] unsupported, int programmed, int reached)
    {
        if (accepted.Status != ConditionStatus.True)
        {
            return Is(PolicyConditions.Programmed, false, PolicyConditions.Reasons.NotAccepted, accepted.Message);
        }

        var known = reports.OfType<ServiceTraffic>().ToList();
        return known.Find(static report => report.Provider is null) is { } idle
                ? Is(PolicyConditions.Programmed, false, PolicyConditions.Reasons.NoProvider, idle.Lack ?? "there is no data plane")
            : unsupported.Length > 0
                ? Is(PolicyConditions.Programmed, false, PolicyConditions.Reasons.Unsupported, string.Join("; ", unsupported.Take(5).Select(static gap => $"{gap.Field}: {gap.Message}")))
            : known.Find(static report => report.Failure is not null) is { } failed
                ? Is(PolicyConditions.Programmed, false, PolicyConditions.Reasons.ApplyFailed, failed.Failure!)
            : programmed < reached
                ? new() { Type = PolicyConditions.Programmed, Status = ConditionStatus.Unknown, Reason = PolicyConditions.Reasons.Pending, Message = $"{reached - programmed} of {Count(reached)} are still being looked at" }
            : Is(PolicyConditions.Programmed, true, PolicyConditions.Reasons.Programmed, $"the data plane of {Count(reached)} has it");
    }

    private static Condition Is(string type, bool status, string reason, string message) =>
        new() { Type = type, Status = status ? ConditionStatus.True : ConditionStatus.False, Reason = reason, Message = message };

    private static string Count(int services) => services == 1 ? "one service" : $"{services} services";
}
