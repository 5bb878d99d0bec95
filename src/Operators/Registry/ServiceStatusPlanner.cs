using System.Text.Json;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using k8s.Models;
using Operators.Cluster;
using Operators.Registry.Baseline;
using Reasons = ControlPlane.Kubernetes.Resources.ManagedServiceConditions.Reasons;

namespace Operators.Registry;

/// <summary>Plans the status of a service from what was observed. Pure.</summary>
public static class ServiceStatusPlanner
{
    private const int MostUnhealthy = 10;
    private const int MostShortfalls = 50;

    /// <summary>The status as it should be stored.</summary>
    /// <param name="seen">What was observed.</param>
    /// <param name="now">The time of transitions (UTC).</param>
    public static ManagedServiceStatus Plan(ServiceObservation seen, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var previous = seen.Service.Status ?? new ManagedServiceStatus();
        var generation = seen.Service.Metadata.Generation;
        var shortfalls = Shortfalls(seen);
        var conditions = Conditions(seen, shortfalls);
        return new ManagedServiceStatus
        {
            ObservedGeneration = generation,
            Conditions = ControlPlane.Kubernetes.Status.Conditions.Update(previous.Conditions, conditions, generation, now),
            Instances = seen.Workload is { } workload ? Instances(workload, seen.Pods) : null,
            Version = Version(seen),
            Image = Template(seen)?.Spec?.Containers?.FirstOrDefault()?.Image,
            Selector = seen.Workload?.Spec.Selector?.MatchLabels is { } labels
                ? string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"))
                : null,
            Endpoints = Endpoints(seen.Front),
            Drift = Drift(previous.Drift, seen.Changes, now),
            Shortfalls = shortfalls ?? [],
            Objects = seen.Problems.Count > 0
                ? previous.Objects
                : [.. seen.Objects.Select(item => new OwnedObject { ApiVersion = item.Type.ApiVersion, Kind = item.Type.Kind, Name = item.Key.Name })],
        };
    }

    private static List<Condition> Conditions(ServiceObservation seen, IReadOnlyList<Shortfall>? shortfalls)
    {
        var accepted = Accepted(seen);
        var ready = Ready(seen, accepted);
        List<Condition> conditions = [accepted, ready];
        if (shortfalls is not null)
        {
            conditions.Add(shortfalls.Count == 0
                ? new() { Type = ManagedServiceConditions.Baseline, Status = ConditionStatus.True, Reason = Reasons.Met, Message = "what runs meets the production baseline" }
                : new()
                {
                    Type = ManagedServiceConditions.Baseline,
                    Status = ConditionStatus.False,
                    Reason = Reasons.FallsShort,
                    Message = $"{shortfalls.Count} fields fall short of the production baseline, first {shortfalls[0].Field} {shortfalls[0].Message}",
                });
        }

        // kstatus: present only while true, and never both.
        var stalled = accepted.Status != ConditionStatus.True || ready.Reason == Reasons.ProgressDeadlineExceeded;
        if (stalled)
        {
            var source = accepted.Status != ConditionStatus.True ? accepted : ready;
            conditions.Add(new() { Type = ManagedServiceConditions.Stalled, Status = ConditionStatus.True, Reason = source.Reason, Message = source.Message });
        }
        else if (ready.Status != ConditionStatus.True)
        {
            conditions.Add(new() { Type = ManagedServiceConditions.Reconciling, Status = ConditionStatus.True, Reason = ready.Reason, Message = ready.Message });
        }

        return conditions;
    }

    private static Condition Accepted(ServiceObservation seen)
    {
        if (seen.Problems.Count > 0)
        {
            return new()
            {
                Type = ManagedServiceConditions.Accepted,
                Status = ConditionStatus.False,
                Reason = seen.Problems[0].Reason,
                Message = string.Join("; ", seen.Problems),
            };
        }

        if (seen.Failures.FirstOrDefault(failure => failure.ForeignOwner is not null) is { } foreign)
        {
            return new()
            {
                Type = ManagedServiceConditions.Accepted,
                Status = ConditionStatus.False,
                Reason = Reasons.NotOwned,
                Message = $"{foreign.Problem}; set spec.workload.takeOver to make it this service's own, or choose another name",
            };
        }

        if (seen.Service.Spec.WorkloadRef is { } reference && seen.Workload is null)
        {
            return new()
            {
                Type = ManagedServiceConditions.Accepted,
                Status = ConditionStatus.False,
                Reason = Reasons.WorkloadNotFound,
                Message = $"spec.workloadRef.name: there is no {reference.Kind} {seen.Service.Metadata.Namespace}/{reference.Name}",
            };
        }

        return new() { Type = ManagedServiceConditions.Accepted, Status = ConditionStatus.True, Reason = Reasons.Valid, Message = "the declaration is valid" };
    }

    private static Condition Ready(ServiceObservation seen, Condition accepted)
    {
        var (status, reason, message) = Readiness(seen, accepted);
        return new() { Type = ManagedServiceConditions.Ready, Status = status, Reason = reason, Message = message };
    }

    private static (string Status, string Reason, string Message) Readiness(ServiceObservation seen, Condition accepted)
    {
        if (accepted.Status != ConditionStatus.True)
        {
            return (ConditionStatus.False, accepted.Reason, accepted.Message);
        }

        if (seen.Failures.Count > 0)
        {
            return (ConditionStatus.False, Reasons.ApplyFailed, string.Join("; ", seen.Failures.Select(f => $"{f.Type.Kind} {f.Key.Name}: {f.Problem}")));
        }

        if (seen.Workload is not { } workload)
        {
            return (ConditionStatus.False, Reasons.RollingOut, "the workload is being made");
        }

        if (workload.Stuck is { } stuck)
        {
            return (ConditionStatus.False, Reasons.ProgressDeadlineExceeded, stuck);
        }

        if (!workload.IsObserved || workload.Updated < workload.Desired)
        {
            return (ConditionStatus.False, Reasons.RollingOut, $"{workload.Updated} of {workload.Desired} instances are of the newest revision");
        }

        if (workload.Desired == 0)
        {
            return (ConditionStatus.True, Reasons.ScaledToZero, "no instances are wanted");
        }

        return workload.Ready >= workload.Desired
            ? (ConditionStatus.True, Reasons.AllInstancesReady, $"all {workload.Desired} instances serve")
            : (ConditionStatus.False, Reasons.InstancesNotReady, $"{workload.Ready} of {workload.Desired} instances serve");
    }

    private static InstanceSummary Instances(WorkloadView workload, IReadOnlyList<PodView> pods) => new()
    {
        Desired = workload.Desired,
        Total = workload.Total,
        Ready = workload.Ready,
        Updated = workload.Updated,
        Summary = $"{workload.Ready}/{workload.Desired}",
        Unhealthy =
        [
            .. pods.OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
                .Select(pod => (Pod: pod, Trouble: pod.Trouble()))
                .Where(item => item.Trouble is not null)
                .Take(MostUnhealthy)
                .Select(item => new UnhealthyInstance
                {
                    Name = item.Pod.Metadata.Name,
                    Node = item.Pod.Spec.NodeName,
                    Reason = item.Trouble!.Value.Reason,
                    Message = item.Trouble.Value.Message is { Length: > 1024 } longMessage ? longMessage[..1024] : item.Trouble.Value.Message,
                }),
        ],
    };

    /// <summary>What really runs: the versions of the pods, old to new; before there are pods, the version that is wanted.</summary>
    private static string? Version(ServiceObservation seen)
    {
        var wanted = Template(seen)?.Spec?.Containers?.FirstOrDefault() is { Image: { } image } ? ImageVersion.Of(image) : null;
        var running = seen.Pods
            .Where(pod => pod.Metadata.DeletionTimestamp is null && pod.Spec.Containers.Count > 0)
            .Select(pod => ImageVersion.Of(pod.Spec.Containers[0].Image))
            .Distinct(StringComparer.Ordinal)
            .OrderBy(version => version == wanted)
            .ThenBy(version => version, StringComparer.Ordinal)
            .ToList();
        return running.Count > 0 ? string.Join(" → ", running) : wanted;
    }

    private static V1PodTemplateSpec? Template(ServiceObservation seen)
    {
        try
        {
            return seen.Workload?.Spec.Template?.Deserialize<V1PodTemplateSpec>(KubeJson.Options);
        }
        catch (JsonException)
        {
            return null; // a newer cluster's field in a form that this build does not know: the status can do without
        }
    }

    private static string[] Endpoints(ServiceFront? front) => front is null
        ? []
        : [.. front.Ports.Select(port => $"{port.Scheme}://{front.Key.Name}.{front.Key.Namespace}.svc:{port.Port}")];

    private static DriftStatus? Drift(DriftStatus? previous, IReadOnlyList<AppliedChange> changes, DateTimeOffset now)
    {
        var repairs = changes.Where(change => change.Action == ChangeAction.Repaired).ToList();
        return repairs.Count == 0
            ? previous
            : new DriftStatus
            {
                Repairs = (previous?.Repairs ?? 0) + repairs.Count,
                LastTime = now,
                LastObject = $"{repairs[^1].Type.Kind}/{repairs[^1].Key.Name}",
                LastManager = repairs[^1].ForeignManager,
                LastFields = [.. repairs[^1].Fields.Take(20)],
            };
    }

    /// <summary>Where what runs falls short of the baseline; null while nothing runs that could be judged.</summary>
    private static IReadOnlyList<Shortfall>? Shortfalls(ServiceObservation seen)
    {
        if (seen.Workload is not { } workload || Template(seen) is not { } template)
        {
            return null;
        }

        if (seen.Service.Spec.Workload is { Template: null })
        {
            return []; // made by the baseline's own planner
        }

        var prefix = $"{seen.Service.Spec.WorkloadRef?.Kind ?? KnownResources.Deployments.Kind}/{workload.Metadata.Name} spec.template";
        return [.. PodAudit.Check(prefix, template).Take(MostShortfalls).Select(found => new Shortfall { Field = found.Field, Message = found.Message })];
    }
}
