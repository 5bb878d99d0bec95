using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Planning;

/// <summary>
/// Plans the next move of a rollout. Pure, and level-triggered: whatever happened since, it goes by where the rollout stood and by what is seen now, so
/// it can be cut off between any two moves. One move at a time: the weight is never raised before instances enough are ready, and a step never counts before the
/// traffic shows it.
/// </summary>
internal static class RolloutPlanner
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static RolloutPlan Plan(RolloutSnapshot snapshot)
    {
        var spec = snapshot.Rollout.Spec;
        var status = MemberMoves.Observe(snapshot, snapshot.Rollout.Status ?? new());
        if (status.Members.Any(static member => member.Good is null))
        {
            return MemberMoves.DeployDirectly(snapshot, status);
        }

        status = MemberMoves.NoteFirstDeployments(snapshot, status) with { StableRevision = MemberMoves.GoodOf(status) };
        (status, var command) = TakeCommand(snapshot, status);
        if (snapshot.Declared == status.StableRevision)
        {
            return status.CanaryRevision is null ? Rest(snapshot, status, RolloutPhase.Healthy) : GoBack(snapshot, status, "what is declared is what users have again", failed: false);
        }

        if (command == RolloutCommandType.Retry)
        {
            status = RolloutLog.Decide(status with { FailedRevisions = [.. status.FailedRevisions.Where(revision => revision != snapshot.Declared)] }, snapshot, RolloutDecisions.Retried, spec.Command!);
        }

        if (status.CanaryRevision != snapshot.Declared)
        {
            return status.FailedRevisions.Contains(snapshot.Declared) ? Rest(snapshot, Supersede(snapshot, status), RolloutPhase.Degraded) : Start(snapshot, Supersede(snapshot, status));
        }

        if (command == RolloutCommandType.Abort)
        {
            return GoBack(snapshot, status, spec.Command!.Reason, failed: true, spec.Command.By);
        }

        if (status.Phase == RolloutPhase.RollingBack)
        {
            return RollBackFurther(snapshot, status);
        }

        if (Failure(snapshot) is { } failure)
        {
            return GoBack(snapshot, status, failure, failed: true);
        }

        return status.Phase == RolloutPhase.Promoting ? Promote(snapshot, status) : Advance(snapshot, status, command);
    }

    /// <summary>A rollout that can't be planned any more, such as one of whose services is gone: what was on its way goes back.</summary>
    public static RolloutPlan Stop(RolloutSnapshot snapshot, string why)
    {
        var status = MemberMoves.Observe(snapshot, snapshot.Rollout.Status ?? new());
        return status.CanaryRevision is null
            ? new(status, null)
            : Rest(snapshot, RolloutLog.Decide(status, snapshot, RolloutDecisions.RolledBack, why), RolloutPhase.Degraded);
    }

    /// <summary>Nothing is on its way: the stable version has all. The instances of a canary that had requests end those first.</summary>
    private static RolloutPlan Rest(RolloutSnapshot snapshot, CanaryRolloutStatus status, RolloutPhase phase)
    {
        var drainedAt = status.Weight > 0 || status.Match is not null ? snapshot.Now + MemberMoves.Drain : status.DrainedAt;
        var isDraining = drainedAt > snapshot.Now;
        var rested = status with
        {
            Phase = phase,
            CanaryRevision = null,
            Step = null,
            Progress = null,
            Weight = 0,
            WeightSince = null,
            TrafficSince = null,
            Match = null,
            Mirror = 0,
            CanaryScale = null,
            Observed = null,
            DrainedAt = isDraining ? drainedAt : null,
        };
        return new(MemberMoves.Rest(snapshot, rested, isDraining), isDraining ? drainedAt - snapshot.Now : null);
    }

    private static RolloutPlan Start(RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        var started = status with
        {
            Phase = RolloutPhase.Progressing,
            CanaryRevision = snapshot.Declared,
            Step = new() { Index = 0, Since = snapshot.Now, ProgressedAt = snapshot.Now },
            Weight = 0,
            WeightSince = snapshot.Now,
            TrafficSince = null,
            Match = null,
            Mirror = 0,
            CanaryScale = null,
            Observed = null,
            Evidence = null,
            DrainedAt = null,
            Members = [.. status.Members.Zip(snapshot.Members, static (member, seen) => member with { StableFloor = seen.Stable.Desired })],
        };
        return status.GoodRevisions.Take(snapshot.Rollout.Spec.Rollback.Window).Contains(snapshot.Declared)
            ? Promote(snapshot, RolloutLog.Decide(started, snapshot, RolloutDecisions.Promoting, "it proved good before: back to it without steps") with { Phase = RolloutPhase.Promoting })
            : Go(snapshot, RolloutLog.Decide(started, snapshot, RolloutDecisions.Started, $"users have {status.StableRevision}"), Soon);
    }

    /// <summary>Something else is declared than what was on its way: that is no more.</summary>
    private static CanaryRolloutStatus Supersede(RolloutSnapshot snapshot, CanaryRolloutStatus status) => status.CanaryRevision is null
        ? status
        : RolloutLog.Decide(status, snapshot, RolloutDecisions.Superseded, $"{snapshot.Declared} is declared now") with { CanaryRevision = null };

    /// <summary>All requests go back to the stable version, at once or by steps, and the canary goes.</summary>
    private static RolloutPlan GoBack(RolloutSnapshot snapshot, CanaryRolloutStatus status, string why, bool failed, string? by = null)
    {
        var (spec, revision) = (snapshot.Rollout.Spec, status.CanaryRevision!);
        var decided = RolloutLog.Decide(status, snapshot, RolloutDecisions.RolledBack, why, by);
        if (!failed)
        {
            return Rest(snapshot, decided, RolloutPhase.Healthy);
        }

        decided = decided with { FailedRevisions = [revision, .. status.FailedRevisions.Where(other => other != revision).Take(spec.RevisionHistoryLimit - 1)] };
        return spec.Rollback.Pace == RollbackPace.BySteps && snapshot.Members.All(static member => member.CanaryProblem is null)
            ? RollBackFurther(snapshot, decided with { Phase = RolloutPhase.RollingBack })
            : Rest(snapshot, decided, RolloutPhase.Degraded);
    }

    /// <summary>The next lower weight of the steps, once the traffic shows the one of now, or was given time enough to.</summary>
    private static RolloutPlan RollBackFurther(RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        var isOver = snapshot.Now - status.WeightSince >= MemberMoves.Drain || snapshot.Split.Shows(status.Weight);
        var next = isOver ? snapshot.Rollout.Spec.Steps.Select(static step => step.SetWeight ?? 0).Where(weight => weight < status.Weight).DefaultIfEmpty(0).Max() : status.Weight;
        return next == 0 || snapshot.Members.Any(static member => member.CanaryProblem is not null)
            ? Rest(snapshot, status, RolloutPhase.Degraded)
            : Go(snapshot, next == status.Weight ? status : status with { Weight = next, WeightSince = snapshot.Now }, StepProgress.Glance);
    }

    /// <summary>Why the canary can't go on; null when nothing speaks against it.</summary>
    private static string? Failure(RolloutSnapshot snapshot) =>
        snapshot.Members.FirstOrDefault(static member => member.CanaryProblem is not null) is { } broken ? $"{broken.Service}: {broken.CanaryProblem}"
        : snapshot.Evidence is not { } evidence || evidence.Revision != snapshot.Declared ? null
        : evidence.Verdict == RolloutVerdict.Fail ? evidence.Message
        : evidence.AwaySince is { } since && snapshot.Now - since >= KubeDuration.Parse(snapshot.Rollout.Spec.Analysis.SourcePatience)
            ? $"a source of evidence has been away for {snapshot.Rollout.Spec.Analysis.SourcePatience}: {evidence.Message}"
        : null;

    private static RolloutPlan Advance(RolloutSnapshot snapshot, CanaryRolloutStatus status, RolloutCommandType? command)
    {
        var spec = snapshot.Rollout.Spec;
        var position = status.Step! with { Index = Math.Min(status.Step!.Index, spec.Steps.Count - 1) }; // steps may have been taken out meanwhile
        if (command == RolloutCommandType.OverrideHolds)
        {
            position = position with { OverridesHolds = true };
            status = RolloutLog.Decide(status, snapshot, RolloutDecisions.Overridden, spec.Command!);
        }

        if (command == RolloutCommandType.PromoteFully)
        {
            return To(snapshot, status with { Step = position }, LastWeight(spec), spec.Command!.Reason, spec.Command.By, isWaived: true);
        }

        if (IsHeld(snapshot, position))
        {
            return Go(snapshot, status with { Phase = RolloutPhase.Paused, Step = position }, lookAgain: null);
        }

        var isPromoted = command == RolloutCommandType.Promote;
        var progress = StepProgress.Of(spec.Steps[position.Index], snapshot, status, position.IsWaived || isPromoted);
        switch (progress.State)
        {
            case StepState.Failed:
                return GoBack(snapshot, status, progress.Why, failed: true);
            case StepState.Done when position.Index >= LastWeight(spec):
                return Promote(snapshot, RolloutLog.Decide(status, snapshot, RolloutDecisions.Promoting, progress.Why) with { Phase = RolloutPhase.Promoting, Step = position with { ProgressedAt = snapshot.Now } });
            case StepState.Done:
                return To(snapshot, status with { Step = position }, position.Index + 1, isPromoted ? $"{progress.Why}: {spec.Command!.Reason}" : progress.Why, isPromoted ? spec.Command!.By : null, position.IsWaived);
            case StepState.Waiting:
                return Go(snapshot, status with { Phase = RolloutPhase.Paused, Step = position }, progress.LookAgain);
        }

        if (status.Phase == RolloutPhase.Paused)
        {
            position = position with { ProgressedAt = snapshot.Now }; // the time in which it waited does not count against its deadline
        }

        var left = DeadlineOf(snapshot, position);
        return left <= TimeSpan.Zero
            ? GoBack(snapshot, status, $"it did not get on for {spec.ProgressDeadline}: {progress.Why}", failed: true)
            : Go(snapshot, (progress.Changed ?? status) with { Phase = RolloutPhase.Progressing, Step = position }, progress.LookAgain < left ? progress.LookAgain : left);
    }

    private static TimeSpan? DeadlineOf(RolloutSnapshot snapshot, RolloutPosition position) =>
        position.ProgressedAt + KubeDuration.Parse(snapshot.Rollout.Spec.ProgressDeadline) - snapshot.Now;

    /// <summary>The step by which all requests go to the canary: what is declared after it has nothing left to decide.</summary>
    private static int LastWeight(CanaryRolloutSpec spec) => spec.Steps.ToList().FindLastIndex(static step => step.SetWeight is not null);

    private static RolloutPlan To(RolloutSnapshot snapshot, CanaryRolloutStatus status, int index, string why, string? by, bool isWaived)
    {
        var next = RolloutLog.Decide(status, snapshot, RolloutDecisions.StepDone, why, by) with
        {
            Phase = RolloutPhase.Progressing,
            Step = status.Step! with { Index = index, Since = snapshot.Now, ProgressedAt = snapshot.Now, IsWaived = isWaived },
        };
        return Go(snapshot, next, Soon);
    }

    /// <summary>
    /// The canary, at full size, has all requests, while the stable workloads take over its revision one after the other; then they have the requests. A revision that
    /// proved good before has no canary: the workloads roll as Deployments do.
    /// </summary>
    private static RolloutPlan Promote(RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        var first = snapshot.Members.ToList().FindIndex(static member => !member.Runs(member.Declared));
        if (first < 0)
        {
            var good = status.StableRevision!;
            var promoted = RolloutLog.Decide(status, snapshot, RolloutDecisions.Promoted, "the stable version runs it") with
            {
                StableRevision = snapshot.Declared,
                GoodRevisions = [good, .. status.GoodRevisions.Where(other => other != good && other != snapshot.Declared).Take(snapshot.Rollout.Spec.RevisionHistoryLimit - 1)],
                Members = [.. status.Members.Select(static member => member with { Good = member.Declared })],
            };
            return Rest(snapshot, promoted, RolloutPhase.Healthy);
        }

        if (status.Members[first].Stable != snapshot.Members[first].Declared)
        {
            status = status with { Step = status.Step! with { ProgressedAt = snapshot.Now } }; // it is this one's turn from now on
        }

        var left = DeadlineOf(snapshot, status.Step!);
        if (left <= TimeSpan.Zero)
        {
            return GoBack(snapshot, status, $"{snapshot.Members[first].Service} did not take over for {snapshot.Rollout.Spec.ProgressDeadline}", failed: true);
        }

        var plan = Go(snapshot, status, left);
        return plan with
        {
            Status = plan.Status with { Members = [.. plan.Status.Members.Select((member, index) => index <= first ? member with { Stable = member.Declared } : member)] },
        };
    }

    /// <summary>The canary's side as the status says.</summary>
    private static RolloutPlan Go(RolloutSnapshot snapshot, CanaryRolloutStatus status, TimeSpan? lookAgain)
    {
        var scale = Math.Max(status.CanaryScale ?? 0, Math.Max(status.Weight, WeightToCome(snapshot, status)));
        var hasRequests = status.Weight > 0 || status.Match is not null;
        status = status with { TrafficSince = hasRequests ? status.TrafficSince ?? snapshot.Now : status.TrafficSince };
        return new(MemberMoves.Move(snapshot, status, scale) with { Progress = $"{status.Step!.Index + 1}/{snapshot.Rollout.Spec.Steps.Count}" }, lookAgain);
    }

    /// <summary>The weight that the step of now sets: its instances come before it. Before the first, what makes one instance.</summary>
    private static int WeightToCome(RolloutSnapshot snapshot, CanaryRolloutStatus status) => status switch
    {
        { Phase: RolloutPhase.RollingBack } or { Phase: RolloutPhase.Promoting, Weight: 0 } => 0,
        { Step: { } position } when snapshot.Rollout.Spec.Steps.ElementAtOrDefault(position.Index)?.SetWeight is > 0 and var weight => weight,
        _ => 1,
    };

    /// <summary>True while nothing may get on.</summary>
    private static bool IsHeld(RolloutSnapshot snapshot, RolloutPosition? position) =>
        snapshot.Rollout.Spec.Paused || (snapshot.Holds.Count > 0 && position is not { OverridesHolds: true }) || snapshot.Evidence?.AwaySince is not null;

    /// <summary>A command is about one revision: it waits for that, is done once, and never meets another. One to get on waits for what holds the rollout.</summary>
    private static (CanaryRolloutStatus Status, RolloutCommandType? Command) TakeCommand(RolloutSnapshot snapshot, CanaryRolloutStatus status) =>
        snapshot.Rollout.Spec.Command is { } command && command.Id != status.LastCommand && command.Revision == snapshot.Declared
            && (command.Type == RolloutCommandType.Retry ? status.FailedRevisions.Contains(command.Revision) : status.CanaryRevision == command.Revision)
            && !(command.Type is RolloutCommandType.Promote or RolloutCommandType.PromoteFully && IsHeld(snapshot, status.Step))
                ? (status with { LastCommand = command.Id }, command.Type)
                : (status, null);
}
