namespace ControlPlane.Kubernetes.Resources;

/// <summary>Names one object of a kind.</summary>
/// <param name="Namespace">Its namespace; empty for objects of the whole cluster.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    /// <summary>Orders by namespace, then name, as a Kubernetes API lists (ordinal).</summary>
    public static IComparer<ObjectKey> ListOrder { get; } = Comparer<ObjectKey>.Create(static (a, b) =>
        string.CompareOrdinal(a.Namespace, b.Namespace) is var byNamespace && byNamespace != 0
            ? byNamespace
            : string.CompareOrdinal(a.Name, b.Name));

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";
}
