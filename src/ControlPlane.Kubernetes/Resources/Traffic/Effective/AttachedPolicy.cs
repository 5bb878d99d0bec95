using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Resources.Traffic.Effective;

/// <summary>A policy that reaches a service.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its namespace and name.</param>
/// <param name="Scope">How it reaches the service.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Spec">What it says.</param>
public sealed record AttachedPolicy(string Kind, ObjectKey Key, PolicyScope Scope, DateTimeOffset Created, JsonObject Spec)
{
    /// <summary>
    /// The order in which policies win: the more specific first; among equals the older, and then by name, so that a new policy never takes
    /// something away from one that works (GEP-713, conflict resolution).
    /// </summary>
    public static IComparer<AttachedPolicy> Precedence { get; } = Comparer<AttachedPolicy>.Create(static (a, b) =>
        a.Scope != b.Scope ? a.Scope.CompareTo(b.Scope)
        : a.Created != b.Created ? a.Created.CompareTo(b.Created)
        : ObjectKey.ListOrder.Compare(a.Key, b.Key));

    /// <summary>The policy as it reaches a service; null when it does not, or is being deleted.</summary>
    public static AttachedPolicy? To<TSpec>(ManagedService service, CustomResource<TSpec, PolicyStatus> policy, ResourceType type)
        where TSpec : class, IPolicySpec, new()
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(type);
        return policy.Metadata.DeletionTimestamp is null && ScopeOf(policy, service) is { } scope
            ? new(type.Kind, policy.Metadata.Key, scope, policy.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue, JsonSerializer.SerializeToNode(policy.Spec, KubeJson.Options)!.AsObject())
            : null;
    }

    /// <summary>The most specific way in which a policy reaches a service; null when it does not. Policies never reach over a namespace's edge.</summary>
    public static PolicyScope? ScopeOf<TSpec>(CustomResource<TSpec, PolicyStatus> policy, ManagedService service)
        where TSpec : class, IPolicySpec, new()
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(service);
        if (policy.Metadata.Namespace != service.Metadata.Namespace)
        {
            return null;
        }

        var (refs, selectors) = (policy.Spec.TargetRefs, policy.Spec.TargetSelectors);
        return refs.Any(target => target.Kind == PolicyTargetKind.ManagedService && target.Name == service.Metadata.Name) ? PolicyScope.Service
            : selectors.Any(selector => selector.Selects(service.Metadata.Labels)) ? PolicyScope.Group
            : refs.Any(target => target.Kind == PolicyTargetKind.Namespace && target.Name == service.Metadata.Namespace) ? PolicyScope.Namespace
            : null;
    }
}
