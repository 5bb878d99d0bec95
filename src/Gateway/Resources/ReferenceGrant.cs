using ControlPlane.Kubernetes.Resources;

namespace Gateway.Resources;

/// <summary>Lets objects of other namespaces refer to objects of its own.</summary>
internal sealed record ReferenceGrant : IKubeObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public ReferenceGrantSpec Spec { get; init; } = new();

    /// <summary>True when it permits the reference.</summary>
    public bool Permits(string fromKind, string fromNamespace, string toKind, string toName) =>
        Spec.From.Any(from => from.Group == GatewayApi.Group && from.Kind == fromKind && from.Namespace == fromNamespace)
        && Spec.To.Any(to => to.Group.Length == 0 && to.Kind == toKind && (string.IsNullOrEmpty(to.Name) || to.Name == toName));
}

/// <summary>Who may refer to what.</summary>
internal sealed record ReferenceGrantSpec
{
    public IReadOnlyList<ReferenceGrantFrom> From { get; init; } = [];

    public IReadOnlyList<ReferenceGrantTo> To { get; init; } = [];
}

/// <summary>Who may refer.</summary>
internal sealed record ReferenceGrantFrom(string Group = "", string Kind = "", string Namespace = "");

/// <summary>To what; no name means all of the kind.</summary>
internal sealed record ReferenceGrantTo(string Group = "", string Kind = "", string? Name = null);
