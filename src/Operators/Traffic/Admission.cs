using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic;

/// <summary>A service that may call another, or would have to and may not.</summary>
/// <param name="Caller">The caller; <c>*</c> as its name for every service of a namespace.</param>
/// <param name="Depends">It declares the other in <c>dependsOn</c>.</param>
/// <param name="ByDependence">It is let in because it does.</param>
/// <param name="Rules">Rules of <c>access.allow</c> that let it in.</param>
public sealed record Admission(ObjectKey Caller, bool Depends, bool ByDependence, IReadOnlyList<AccessRule> Rules)
{
    private const string EveryService = "*";

    /// <summary>It is let in, with some method and path at least.</summary>
    public bool IsAdmitted => ByDependence || Rules.Count > 0;

    /// <summary>Everybody of whom the dependency graph or the policies of a service say anything, in list order. Pure.</summary>
    /// <param name="service">The service that is called.</param>
    /// <param name="access">What its policies say of callers; null for nothing: then those that depend on it may.</param>
    /// <param name="dependents">The services that declare it in <c>dependsOn</c>.</param>
    public static IReadOnlyList<Admission> Of(ObjectKey service, TrafficAccess? access, IEnumerable<ObjectKey> dependents)
    {
        var depending = dependents.Where(caller => caller != service).ToHashSet();
        var named = (access?.Allow ?? []).SelectMany(static rule => rule.From).Select(caller => KeyOf(service, caller));
        return
        [
            .. depending.Union(named).Order(ObjectKey.ListOrder).Select(caller => new Admission(
                caller,
                depending.Contains(caller),
                depending.Contains(caller) && access?.Dependents != false,
                [.. (access?.Allow ?? []).Where(rule => rule.From.Any(from => Includes(KeyOf(service, from), caller)))])),
        ];
    }

    private static ObjectKey KeyOf(ObjectKey service, AllowedCaller caller) => new(caller.Namespace.Length > 0 ? caller.Namespace : service.Namespace, caller.Service);

    private static bool Includes(ObjectKey from, ObjectKey caller) => from == caller || (from.Name == EveryService && from.Namespace == caller.Namespace);
}
