using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;
using Operators.Registry.Baseline;
using Operators.Rollouts.Planning;
using Operators.Rollouts.Revisions;

namespace Operators.Rollouts;

/// <summary>A service of a rollout, with the revisions that are known of it.</summary>
/// <param name="Service">Its declaration.</param>
/// <param name="Seen">What is seen of it.</param>
/// <param name="Revisions">What is declared, and what runs.</param>
internal sealed record ObservedMember(ManagedService Service, MemberObservation Seen, IReadOnlyList<WorkloadRevision> Revisions);

/// <summary>Looks at the workloads of the services of a rollout.</summary>
/// <param name="caches">What the cluster shows.</param>
internal sealed class RolloutObserver(FleetCaches caches)
{
    /// <summary>What of a pod says that it won't become ready by itself: what a node has tried more than once, and what no trying helps.</summary>
    private static readonly HashSet<string> Hopeless = ["CrashLoopBackOff", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError"];

    public ObservedMember Observe(ManagedService service)
    {
        var declared = WorkloadRevision.Of(service);
        var live = caches.WorkloadOf(service);
        var view = live?.Read<WorkloadView>();
        var running = live is null ? null : Running(service, live, view!, declared);
        return new(
            service,
            new MemberObservation(
                service.Metadata.Name,
                declared.Name,
                running?.Name,
                new WorkloadSide(running?.Name ?? "", view?.Desired ?? 0, view is null ? 0 : ReadyOf(view)),
                Canary(service))
            {
                DeclaredImage = declared.Image,
                RunningImage = running?.Image,
            },
            running?.Template is null || running.Name == declared.Name ? [declared] : [declared, running]);
    }

    /// <summary>
    /// The revision that the stable workload is to run: the one that the registry noted on it, else the declared one when that is what it has, else what is found there.
    /// </summary>
    private static WorkloadRevision Running(ManagedService service, LiveObject live, WorkloadView view, WorkloadRevision declared)
    {
        var found = WorkloadRevision.Of(view.Spec.Template ?? []);
        return live.Metadata.Annotations.TryGetValue(WorkloadRevision.Mark, out var noted) ? found with { Name = noted }
            : DeploymentBaseline.Plan(service, sides: null).All(planned => !Applier.Differs(planned, live)) ? declared
            : found;
    }

    private WorkloadSide? Canary(ManagedService service)
    {
        if (caches.Owned(KnownResources.Deployments).Cache.Find(WorkloadSides.CanaryKey(service)) is not { } live
            || !live.Metadata.Annotations.TryGetValue(WorkloadRevision.Mark, out var revision))
        {
            return null;
        }

        var view = live.Read<WorkloadView>();
        return new WorkloadSide(revision, view.Desired, ReadyOf(view), view.IsObserved ? ProblemOf(live.Metadata.Key, revision) ?? view.Stuck : null);
    }

    private string? ProblemOf(ObjectKey deployment, string revision) => caches.PodsByWorkload.Get(new WorkloadKey(KnownResources.Deployments.Kind, deployment).ToString())
        .Where(pod => pod.Metadata.DeletionTimestamp is null && pod.Metadata.Labels.GetValueOrDefault(WorkloadRevision.Mark) == revision)
        .Select(static pod => pod.Trouble())
        .Where(static trouble => trouble is { } known && Hopeless.Contains(known.Reason))
        .Select(static trouble => $"an instance of the canary won't start: {trouble!.Value.Reason}{(trouble.Value.Message is { } message ? $" ({message})" : "")}")
        .FirstOrDefault();

    /// <summary>Instances of the newest revision that are ready, at the least: those that are older are taken to be ready all.</summary>
    private static int ReadyOf(WorkloadView view) =>
        !view.IsObserved ? 0 : Math.Max(0, view.Ready - Math.Max(0, view.Total - view.Updated));
}
