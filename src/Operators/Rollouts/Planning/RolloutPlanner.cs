using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Evidence;

namespace Operators.Rollouts.Planning;

/// <summary>
/// Plans the next move of a rollout. Pure, and level-triggered: whatever happened since, it goes by where the rollout stood and by what is seen now, so
/// it can be cut off between any two moves. One move at a time: the weight is never raised before instances enough are ready, and a step never counts before the
/// traffic shows it.
/// </summary>
internal static class RolloutPlanner
{
    private const int MostDecisions = 50;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>How long the instances of a canary outlive its weight.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    public static RolloutPlan Plan(RolloutSnapshot snapshot)
    {
        var (spec, status) = (snapshot.Rollout.Spec, snapshot.Rollout.Status ?? new());
        status = status with { ObservedGeneration = snapshot.Rollout.Metadata.Generation };
        if (snapshot.Running is null)
        {
            return DeployDirectly(snapshot, status);
        }

        status = status with { StableRevision = status.StableRevision ?? snapshot.Running };
        (status, var command) = TakeCommand(snapshot, status);
        if (snapshot.Declared == status.StableRevision)
        {
            return status.CanaryRevision is null ? Rest(snapshot, status, RolloutPhase.Healthy) : GoBack(snapshot, status, "what is declared is what users have again", failed: false);
        }

        if (command == RolloutCommandType.Retry)
        {
            status = Decide(status with { FailedRevisions = [.. status.FailedRevisions.Where(revision => revision != snapshot.Declared)] }, snapshot, "Retried", spec.Command!.Reason);
        }

        if (status.CanaryRevision != snapshot.Declared)
        {
            return status.FailedRevisions.Contains(snapshot.Declared) ? Rest(snapshot, status, RolloutPhase.Degraded) : Start(snapshot, status);
        }

        if (command == RolloutCommandType.Abort)
        {
            return GoBack(snapshot, status, spec.Command!.Reason, failed: true);
        }

        if (Failure(snapshot) is { } failure)
        {
            return GoBack(snapshot, status, failure, failed: true);
        }

        return status.Phase == RolloutPhase.Promoting ? Promote(snapshot, status) : Advance(snapshot, status, command);
    }

    /// <summary>The first deployment has nothing to be compared with.</summary>
    private static RolloutPlan DeployDirectly(RolloutSnapshot snapshot, CanaryRolloutStatus status) => new(
        status with { Phase = RolloutPhase.Progressing },
        [.. snapshot.Members.Select(static member => new MemberPlan(member.Service, 0, 0, TakesDeclared: true))],
        LookAgain: null);

    /// <summary>Nothing is on its way: the stable version has all. The instances of a canary that had requests end those first.</summary>
    private static RolloutPlan Rest(RolloutSnapshot snapshot, CanaryRolloutStatus status, RolloutPhase phase)
    {
        var drainedAt = status.Weight > 0 ? snapshot.Now + Drain : status.DrainedAt;
        var isDraining = drainedAt > snapshot.Now;
        return new(
            status with { Phase = phase, CanaryRevision = null, Step = null, Weight = 0, WeightSince = null, CanaryScale = null, DrainedAt = isDraining ? drainedAt : null },
            [.. snapshot.Members.Select(member => new MemberPlan(member.Service, isDraining ? member.Canary?.Desired ?? 0 : 0, 0, TakesDeclared: phase == RolloutPhase.Healthy))],
            isDraining ? drainedAt - snapshot.Now : null);
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
            CanaryScale = null,
            DrainedAt = null,
        };
        return Go(snapshot, Decide(started, snapshot, "Started", $"users have {status.StableRevision}"), Soon);
    }

    /// <summary>All requests go to the stable version at once, and the canary goes.</summary>
    private static RolloutPlan GoBack(RolloutSnapshot snapshot, CanaryRolloutStatus status, string why, bool failed)
    {
        var revision = status.CanaryRevision!;
        var decided = Decide(status, snapshot, "RolledBack", why);
        return Rest(
            snapshot,
            failed ? decided with { FailedRevisions = [revision, .. status.FailedRevisions.Where(other => other != revision).Take(snapshot.Rollout.Spec.RevisionHistoryLimit - 1)] } : decided,
            failed ? RolloutPhase.Degraded : RolloutPhase.Healthy);
    }

    /// <summary>Why the canary can't go on; null when nothing speaks against it.</summary>
    private static string? Failure(RolloutSnapshot snapshot) =>
        snapshot.Members.FirstOrDefault(static member => member.Canary?.Problem is not null) is { } broken ? $"{broken.Service}: {broken.Canary!.Problem}"
        : snapshot.Evidence.Verdict == RolloutVerdict.Fail ? snapshot.Evidence.Why
        : null;

    private static RolloutPlan Advance(RolloutSnapshot snapshot, CanaryRolloutStatus status, RolloutCommandType? command)
    {
        var spec = snapshot.Rollout.Spec;
        var position = status.Step! with { Index = Math.Min(status.Step!.Index, spec.Steps.Count - 1) }; // steps may have been taken out meanwhile
        if (command == RolloutCommandType.PromoteFully)
        {
            return To(snapshot, status, LastWeight(spec), spec.Command!.Reason, isWaived: true);
        }

        if (spec.Paused || snapshot.Holds.Count > 0)
        {
            return Go(snapshot, status with { Phase = RolloutPhase.Paused, Step = position }, lookAgain: null);
        }

        var progress = StepProgress.Of(spec.Steps[position.Index], snapshot, status, position.IsWaived || command == RolloutCommandType.Promote);
        switch (progress.State)
        {
            case StepState.Failed:
                return GoBack(snapshot, status, progress.Why, failed: true);
            case StepState.Done when position.Index == spec.Steps.Count - 1:
                return Promote(snapshot, Decide(status, snapshot, "Promoting", progress.Why) with { Phase = RolloutPhase.Promoting });
            case StepState.Done:
                return To(snapshot, status, position.Index + 1, progress.Why, position.IsWaived);
            case StepState.Waiting:
                return Go(snapshot, status with { Phase = RolloutPhase.Paused, Step = position }, progress.LookAgain);
        }

        if (status.Phase == RolloutPhase.Paused)
        {
            position = position with { ProgressedAt = snapshot.Now }; // the time in which it waited does not count against its deadline
        }

        var left = position.ProgressedAt + KubeDuration.Parse(spec.ProgressDeadline) - snapshot.Now;
        return left <= TimeSpan.Zero
            ? GoBack(snapshot, status, $"it did not get on for {spec.ProgressDeadline}: {progress.Why}", failed: true)
            : Go(snapshot, (progress.Changed ?? status) with { Phase = RolloutPhase.Progressing, Step = position }, progress.LookAgain < left ? progress.LookAgain : left);
    }

    private static int LastWeight(CanaryRolloutSpec spec) => spec.Steps.ToList().FindLastIndex(static step => step.SetWeight is not null);

    private static RolloutPlan To(RolloutSnapshot snapshot, CanaryRolloutStatus status, int index, string why, bool isWaived)
    {
        var next = Decide(status, snapshot, "StepDone", why) with
        {
            Phase = RolloutPhase.Progressing,
            Step = new() { Index = index, Since = snapshot.Now, ProgressedAt = snapshot.Now, IsWaived = isWaived },
        };
        return Go(snapshot, next, Soon);
    }

    /// <summary>The canary, at full size, has all requests, while the stable workloads take over its revision one after the other; then they have the requests.</summary>
    private static RolloutPlan Promote(RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        var waiting = snapshot.Members.Select(static member => !(member.Running == member.Declared && member.Stable.Ready >= member.Stable.Desired)).ToList();
        var first = waiting.IndexOf(true);
        if (first < 0)
        {
            var promoted = Decide(status, snapshot, "Promoted", "the stable version runs it") with { StableRevision = snapshot.Declared };
            return Rest(snapshot, promoted, RolloutPhase.Healthy);
        }

        var plan = Go(snapshot, status, lookAgain: null);
        return plan with { Members = [.. plan.Members.Select((member, index) => member with { TakesDeclared = index <= first })] };
    }

    /// <summary>The canary's side as the status says.</summary>
    private static RolloutPlan Go(RolloutSnapshot snapshot, CanaryRolloutStatus status, TimeSpan? lookAgain)
    {
        var scale = Math.Max(status.CanaryScale ?? 0, Math.Max(status.Weight, WeightToCome(snapshot, status)));
        return new(status, [.. snapshot.Members.Select(member => new MemberPlan(member.Service, member.NeededAt(scale), status.Weight, TakesDeclared: false))], lookAgain);
    }

    /// <summary>The weight that the step of now sets, or the next that will: its instances come before it.</summary>
    private static int WeightToCome(RolloutSnapshot snapshot, CanaryRolloutStatus status)
    {
        var steps = snapshot.Rollout.Spec.Steps;
        return status.CanaryScale is null && status.Step is { } position && steps.ElementAtOrDefault(position.Index)?.SetWeight is { } weight ? weight
            : status.CanaryScale is null && status.Weight == 0 ? steps.Skip(status.Step?.Index ?? 0).Select(static step => step.SetWeight ?? 0).FirstOrDefault(static next => next > 0)
            : 0;
    }

    /// <summary>A command is about one revision: it waits for that, is done once, and never meets another.</summary>
    private static (CanaryRolloutStatus Status, RolloutCommandType? Command) TakeCommand(RolloutSnapshot snapshot, CanaryRolloutStatus status) =>
        snapshot.Rollout.Spec.Command is { } command && command.Id != status.LastCommand && command.Revision == snapshot.Declared
            && (command.Type == RolloutCommandType.Retry ? status.FailedRevisions.Contains(command.Revision) : status.CanaryRevision == command.Revision)
                ? (status with { LastCommand = command.Id }, command.Type)
                : (status, null);

    private static CanaryRolloutStatus Decide(CanaryRolloutStatus status, RolloutSnapshot snapshot, string type, string why) => status with
    {
        Decisions =
        [
            new() { At = snapshot.Now, Revision = status.CanaryRevision ?? snapshot.Declared, Step = status.Step?.Index ?? 0, Type = type, Message = why },
            .. status.Decisions.Take(MostDecisions - 1),
        ],
    };
}
