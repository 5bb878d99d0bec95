using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Cluster;
using Operators.Onboarding.Existing;
using Operators.Onboarding.Findings;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.HandOvers;

/// <summary>
/// Plans how the operator takes a workload over that a service adopts, without a restart of any pod: the template stays as it runs to the last
/// field, and what a declaration can't express exactly stays in the hands that it is in.
/// </summary>
public static class HandOverPlanner
{
    /// <summary>Kubernetes' default for a rolling update that does not say.</summary>
    private static readonly IntOrString QuarterOfInstances = "25%";

    /// <summary>Plans.</summary>
    /// <param name="adopted">The service, with <c>workloadRef</c>.</param>
    /// <param name="live">The workload as it runs, and what is around it.</param>
    public static HandOver Plan(ManagedService adopted, ExistingObjects live)
    {
        ArgumentNullException.ThrowIfNull(adopted);
        ArgumentNullException.ThrowIfNull(live);
        var key = FleetCaches.WorkloadKeyOf(adopted);
        var reference = new ObjectReference(key.Kind, key.Key);
        if (live.Workloads.Find(item => item.Reference == reference) is not { } workload)
        {
            return new(Service: null, [], [new(reference, "metadata.name", "there is no such workload", ShortfallSeverity.Error)]);
        }

        var refusals = HandOverRefusals.Check(adopted, workload);
        return refusals.Count > 0 ? new(Service: null, [], refusals) : Write(adopted, live, workload);
    }

    private static HandOver Write(ManagedService adopted, ExistingObjects live, ExistingWorkload workload)
    {
        var derivations = new List<Derivation>();
        var rolling = workload.Spec.Strategy?.RollingUpdate;
        var autoscaling = HandOverAutoscaling.Plan(live, workload, derivations);
        var disruption = HandOverDisruption.Plan(live, workload, derivations);
        var exposure = HandOverExposure.Plan(adopted, live, workload, derivations);
        var spec = new ServiceWorkload
        {
            Template = Template(workload),
            Selector = workload.Spec.Selector.MatchLabels.AsReadOnly(),
            Replicas = workload.Spec.Replicas ?? 1,
            Rollout = new WorkloadRollout
            {
                MaxSurge = rolling?.MaxSurge ?? QuarterOfInstances,
                MaxUnavailable = rolling?.MaxUnavailable ?? QuarterOfInstances,
            },
            Autoscaling = autoscaling.Spec,
            Disruption = disruption.Spec,
            Exposure = new WorkloadExposure { Enabled = exposure.IsTakenOver },
            Ports = exposure.Ports,
            Monitoring = exposure.Monitoring,
            Network = new WorkloadNetwork { Enabled = false },
            ObjectNames = Names(adopted.Metadata.Name, workload.Reference.Key.Name, exposure.Service, autoscaling.Name, disruption.Name),
            TakeOver = true,
        };
        var from = $"Deployment {workload.Reference.Key.Name}";
        derivations.InsertRange(0,
        [
            new("spec.workload.template", "as it runs", $"{from}, spec.template"),
            new("spec.workload.selector", string.Join(", ", spec.Selector.Select(label => $"{label.Key}={label.Value}")), $"{from}, spec.selector.matchLabels"),
            new("spec.workload.replicas", $"{spec.Replicas}", $"{from}, spec.replicas"),
            new("spec.workload.rollout", $"maxSurge {spec.Rollout.MaxSurge.Value}, maxUnavailable {spec.Rollout.MaxUnavailable.Value}", $"{from}, spec.strategy.rollingUpdate"),
        ]);
        derivations.Add(new("spec.workload.network.enabled", "false", NetworkSource(live, workload)));
        var service = adopted with
        {
            Metadata = new ObjectMeta
            {
                Name = adopted.Metadata.Name,
                Namespace = adopted.Metadata.Namespace,
                Labels = adopted.Metadata.Labels,
                Annotations = adopted.Metadata.Annotations,
            },
            Spec = adopted.Spec with { WorkloadRef = null, Workload = spec, HealthCheck = CheckOn(exposure.Ports, adopted.Spec.HealthCheck) },
            Status = null,
        };
        return new(service, derivations, []);
    }

    /// <summary>The template to the last field, but for nulls: the API drops them, and a declaration that kept them would never look applied.</summary>
    private static JsonObject Template(ExistingWorkload workload) => WithoutNulls(workload.Json["spec"]!["template"]!).AsObject();

    private static JsonNode WithoutNulls(JsonNode node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(entry => entry.Value is not null).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)WithoutNulls(entry.Value!)))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : WithoutNulls(item))]),
        _ => node.DeepClone(),
    };

    private static string NetworkSource(ExistingObjects live, ExistingWorkload workload) =>
        live.NetworkPolicies.Find(policy => Calls.EgressRules.Selects(policy, workload)) is { } policy
            ? $"NetworkPolicy {policy.Metadata.Name} stays as it is; when the dependencies are declared, enable this and delete it"
            : "no NetworkPolicy exists: one could cut calls off that nobody declared; enable this when the dependencies are declared";

    /// <summary>An active check names a port of the declaration; where that port is not declared it asks the first.</summary>
    private static ActiveHealthCheck? CheckOn(IReadOnlyList<WorkloadPort> ports, ActiveHealthCheck? check) =>
        check?.Port is { } port && !ports.Any(item => item.Name == port) ? check with { Port = null } : check;

    /// <summary>The names that differ from the service's; null when none does.</summary>
    private static WorkloadObjectNames? Names(string service, string deployment, string? front, string? autoscaler, string? budget)
    {
        string? Other(string? name) => name == service ? null : name;
        var names = new WorkloadObjectNames
        {
            Deployment = Other(deployment),
            Service = Other(front),
            HorizontalPodAutoscaler = Other(autoscaler),
            PodDisruptionBudget = Other(budget),
        };
        return names == new WorkloadObjectNames() ? null : names;
    }
}
