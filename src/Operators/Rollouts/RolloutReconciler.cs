using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Status;
using Operators.Cluster;
using Operators.Registry;
using Operators.Rollouts.Evidence;
using Operators.Rollouts.Holds;
using Operators.Rollouts.Planning;
using Operators.Rollouts.Revisions;
using Operators.Traffic;
using Operators.Traffic.Providers;

namespace Operators.Rollouts;

/// <summary>
/// Moves a rollout by one move: look at its services and at the traffic, plan, and write the status once. Registry and data plane go by that. Can be cut off at any
/// line: the next run starts from the whole state.
/// </summary>
internal sealed class RolloutReconciler(
    FleetCaches caches,
    RolloutValidator validator,
    RolloutObserver observer,
    RevisionKeeper keeper,
    RolloutAnalyst analyst,
    IEnumerable<IRolloutHolds> holds,
    RolloutPlaces places,
    TrafficPlanner traffic,
    StatusWriter statusWriter,
    WriteTracker tracker,
    EventRecorder events,
    ChangeTeller teller,
    TimeProvider time) : IReconciler
{
    private readonly UnseenStatuses<CanaryRollout, CanaryRolloutStatus> _unseen = new(caches.Rollouts, tracker, static (rollout, status) => rollout with { Status = status });

    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (caches.Rollouts.Cache.Find(request.Key) is not { Metadata.DeletionTimestamp: null } cached)
        {
            return ReconcileResult.Done; // without a rollout the registry runs what is declared, and no canary
        }

        var rollout = _unseen.WithFreshest(cached);
        var problems = validator.Check(rollout);
        var members = rollout.Spec.Members
            .Select(member => caches.Services.Cache.Find(new(request.Key.Namespace, member.Service)))
            .Where(static service => service is { Metadata.DeletionTimestamp: null, Spec.Workload: not null })
            .Select(service => observer.Observe(service!))
            .ToList();
        if (await KeepRevisionsAsync(rollout, members, request.Cause, cancellationToken) is { } failure)
        {
            return failure;
        }

        var snapshot = await LookAsync(rollout, members, problems.Count > 0, cancellationToken);
        var plan = problems.Count > 0
            ? RolloutPlanner.Stop(snapshot, $"the declaration can't be followed any more: {problems[0]}")
            : RolloutPlanner.Plan(snapshot);
        var status = RolloutConditionPlanner.Plan(rollout, plan.Status, problems, GapOf(rollout, plan.Status, members), snapshot.Now);
        if (await statusWriter.WriteAsync(CanaryRollout.ResourceType, rollout, status, cancellationToken))
        {
            _unseen.Wrote(request.Key, status);
            TellDecisions(rollout, status);
        }

        return NextLook(rollout with { Status = status }, members, plan.LookAgain) is { } after ? ReconcileResult.After(after) : ReconcileResult.Done;
    }

    private async Task<ReconcileResult?> KeepRevisionsAsync(CanaryRollout rollout, List<ObservedMember> members, string? cause, CancellationToken cancellationToken)
    {
        foreach (var member in members)
        {
            var said = rollout.Status?.Members.FirstOrDefault(said => said.Service == member.Service.Metadata.Name);
            var result = await keeper.KeepAsync(member.Service, member.Revisions, said, rollout.Status, cancellationToken);
            teller.Tell(member.Service, result.Changes, cause);
            if (result.Failures is [var failed, ..])
            {
                return ReconcileResult.Failed(failed.Problem, failed.RetryAfter); // what users have must be at hand before anything moves
            }
        }

        return null;
    }

    private async Task<RolloutSnapshot> LookAsync(CanaryRollout rollout, List<ObservedMember> members, bool isInvalid, CancellationToken cancellationToken)
    {
        var snapshot = new RolloutSnapshot { Rollout = rollout, Members = [.. members.Select(static member => member.Seen)], Now = time.GetUtcNow() };
        if (isInvalid || rollout.Status is not { CanaryRevision: { } revision } status || revision != snapshot.Declared)
        {
            return snapshot;
        }

        var found = new List<RolloutHold>();
        foreach (var kind in holds)
        {
            found.AddRange(await kind.FindAsync(rollout, [.. members.Select(static member => member.Service)], cancellationToken));
        }

        if (found.Count == 0 && !rollout.Spec.Paused && places.Take(rollout) is { } full)
        {
            found.Add(full);
        }

        snapshot = snapshot with { Holds = found };
        if (status.TrafficSince is not { } since)
        {
            return snapshot;
        }

        var subject = SubjectOf(rollout, revision, since, members);
        var evidence = await analyst.LookAsync(subject, cancellationToken);
        var isNews = WaitsForTraffic(rollout) || evidence != status.Evidence;
        var observed = (isNews ? await analyst.ObserveAsync(subject, cancellationToken) : null) ?? status.Observed;
        return snapshot with
        {
            Rollout = rollout with { Status = status with { Observed = observed } },
            Split = observed is null ? default : new ObservedSplit(observed.Canary, observed.Total),
            Evidence = evidence,
        };
    }

    private TimeSpan? NextLook(CanaryRollout rollout, List<ObservedMember> members, TimeSpan? planned)
    {
        if (rollout.Status is not { CanaryRevision: { } revision } status)
        {
            return planned;
        }

        TimeSpan? due = status.TrafficSince is { } since ? RolloutAnalyst.DueAt(SubjectOf(rollout, revision, since, members)) - time.GetUtcNow() : null;
        return LookSchedule.Next(planned, due, WaitsForTraffic(rollout));
    }

    /// <summary>True while the step that is being done needs the traffic to show a weight.</summary>
    private static bool WaitsForTraffic(CanaryRollout rollout) =>
        rollout.Status is { Phase: RolloutPhase.RollingBack }
        || (rollout.Status is { Phase: RolloutPhase.Progressing, Step: { } step } && rollout.Spec.Steps.ElementAtOrDefault(step.Index)?.SetWeight is not null);

    private static AnalysisSubject SubjectOf(CanaryRollout rollout, string revision, DateTimeOffset since, IEnumerable<ObservedMember> members) =>
        new(rollout, revision, since, [.. members.Select(static member => new SubjectMember(member.Service, member.Service.Front.ToString()))]);

    /// <summary>What the data plane can't do of how the requests are to be shared; null when it can do all of it, or nothing is on its way.</summary>
    private string? GapOf(CanaryRollout rollout, CanaryRolloutStatus status, IEnumerable<ObservedMember> members) => status.CanaryRevision is null ? null : members
        .Select(member => TrafficSplit.Of(rollout with { Status = status }, member.Service.Metadata.Key) is { } split ? traffic.SplitGap(member.Service, split) : null)
        .FirstOrDefault(static gap => gap is not null);

    /// <summary>An event for each decision: a person who runs kubectl describe sees how it went.</summary>
    private void TellDecisions(CanaryRollout rollout, CanaryRolloutStatus status)
    {
        var before = rollout.Status?.Decisions is [var last, ..] ? last : null;
        foreach (var decision in status.Decisions.TakeWhile(decision => decision != before).Reverse())
        {
            events.Record(new(
                new(CanaryRollout.ResourceType, rollout.Metadata.Key, rollout.Metadata.Uid),
                decision.Type is RolloutDecisions.RolledBack or RolloutDecisions.Overridden ? EventSeverity.Warning : EventSeverity.Normal,
                decision.Type,
                "Decide",
                $"{decision.Revision}: {decision.Message}"));
        }
    }
}
