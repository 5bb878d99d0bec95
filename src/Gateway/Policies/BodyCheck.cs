using ControlPlane.Kubernetes.Resources.Traffic.Schemas;

namespace Gateway.Policies;

/// <summary>A JSON Schema that the bodies of some requests must meet.</summary>
/// <param name="Name">Its name, which a refused caller is told.</param>
/// <param name="Policy">The policy that says so, as <c>namespace/name</c>.</param>
/// <param name="Methods">Methods that it is for.</param>
/// <param name="Paths">Paths that it is for, exact or with a <c>*</c> at the end; empty for all.</param>
/// <param name="Schema">The schema.</param>
public sealed record BodyCheck(string Name, string Policy, IReadOnlyList<string> Methods, IReadOnlyList<string> Paths, BodySchema Schema)
{
    /// <summary>Methods that carry bodies which are meant, where nothing else is said.</summary>
    public static IReadOnlyList<string> DefaultMethods { get; } = ["POST", "PUT", "PATCH"];
}
