using ControlPlane.Api.Access;
using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Registry;
using Operators.Traffic;
using Operators.Traffic.Providers;

namespace ControlPlane.Api.Traffic;

/// <summary>Who may call whom: the dependency graph, narrowed and widened by traffic policies, and what in the cluster holds it.</summary>
public sealed class CallerQuery(FleetCaches caches, FleetGraph graph, FleetQuery fleet, TrafficPlanner planner)
{
    private static readonly string[] AboutCallers = ["spec.access", "spec.mutualTls"];

    /// <summary>Around a service; null when it is not declared, or not for the caller to see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public CallerList? Find(ObjectKey key)
    {
        if (fleet.Find(key) is null || caches.Services.Cache.Find(key) is not { } service)
        {
            return null;
        }

        var plan = planner.Plan(service);
        var admissions = AdmissionsTo(service);
        var called = service.Spec.DependsOn.Select(dependency => dependency.KeyFrom(service)).Distinct().ToList();
        var (seen, calls) = (admissions.Where(item => IsVisible(item.Caller)).ToList(), called.Where(IsVisible).ToList());
        return new(
            key.Namespace,
            key.Name,
            plan.Effective.Settings.FirstOrDefault(static setting => setting.Field == "spec.access")?.From is { } from ? PolicySource.Of(from) : null,
            [.. seen.Select(CallerOf)],
            [.. calls.Select(callee => CallOf(key, callee))],
            [.. (service.Spec.Workload?.Network.AllowFrom ?? []).Select(other => Words(other, key.Namespace))],
            Guards(service, plan),
            admissions.Count - seen.Count + called.Count - calls.Count);
    }

    private IReadOnlyList<Admission> AdmissionsTo(ManagedService service) => Admission.Of(
        service.Metadata.Key, graph.EffectiveOf(service).Traffic.Access, graph.CallersOf(service.Metadata.Key).Select(static caller => caller.Metadata.Key));

    private PermittedCaller CallerOf(Admission item)
    {
        var caller = graph.Find(item.Caller);
        return new(
            item.Caller.Namespace, item.Caller.Name, caller is not null, item.Depends, item.IsAdmitted, item.Depends || caller?.Spec.Workload is not { Network.Enabled: true }, Rules(item));
    }

    private PermittedCall CallOf(ObjectKey caller, ObjectKey key)
    {
        var admission = graph.Find(key) is { } callee ? AdmissionsTo(callee).FirstOrDefault(item => item.Caller == caller) : null;
        return new(key.Namespace, key.Name, graph.Find(key) is not null, admission is { IsAdmitted: true }, admission is null ? [] : Rules(admission));
    }

    /// <summary>A name that nobody declared tells nothing of anybody, and is shown; a service that is not the reader's to see is not.</summary>
    private bool IsVisible(ObjectKey key) => graph.Find(key) is null || fleet.Find(key) is not null;

    private static IReadOnlyList<CallRule> Rules(Admission admission) =>
        admission.ByDependence || admission.Rules.Any(static rule => rule is { Methods.Count: 0, Paths.Count: 0 }) ? [] : [.. admission.Rules.Select(static rule => new CallRule(rule.Methods, rule.Paths))];

    private static CallerGuards Guards(ManagedService service, TrafficPlan plan) => new(
        service.Spec.Workload is { Network.Enabled: true } workload ? workload.ObjectNames?.NetworkPolicy ?? service.Metadata.Name : null,
        plan.Provider,
        plan.Effective.Traffic.Access is null ? null : plan.Rendered.Objects.FirstOrDefault(static item => item.Type == TrafficKinds.AuthorizationPolicies) is { } held ? $"{held.Type.Kind} {held.Key.Name}" : null,
        plan.Effective.Traffic.MutualTls?.Mode.ToString(),
        [.. plan.Rendered.Unsupported.Where(static gap => AboutCallers.Any(field => gap.Field.StartsWith(field, StringComparison.Ordinal))).Select(static gap => $"{gap.Field}: {gap.Message}")]);

    private static string Words(NetworkCaller other, string ownNamespace) => other.Cidr
        ?? $"pods of {other.Namespace ?? ownNamespace}{(other.PodLabels is { Count: > 0 } labels ? $" with {string.Join(", ", labels.Select(static label => $"{label.Key}={label.Value}"))}" : "")}";
}
