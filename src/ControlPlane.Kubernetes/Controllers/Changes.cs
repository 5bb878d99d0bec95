using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Controllers;

/// <summary>Predicates: which changes are worth a reconcile.</summary>
public static class Changes
{
    /// <summary>
    /// Not mere status: the object came or went, is being deleted, or its generation, labels, annotations, owners or finalizers changed.
    /// </summary>
    public static bool OfDeclaration<T>(CacheChange<T> change)
        where T : class, IKubeObject
    {
        if (change is not { Old.Metadata: { } old, New.Metadata: { } now })
        {
            return true;
        }

        return old.Uid != now.Uid
            || old.Generation != now.Generation
            || old.DeletionTimestamp != now.DeletionTimestamp
            || !Same(old.Labels, now.Labels)
            || !Same(old.Annotations, now.Annotations)
            || !old.OwnerReferences.SequenceEqual(now.OwnerReferences)
            || !old.Finalizers.SequenceEqual(now.Finalizers);
    }

    private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
