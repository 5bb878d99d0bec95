using ControlPlane.Kubernetes.Resources;

namespace Operators.Onboarding.Existing;

/// <summary>Names an object that a team already has.</summary>
/// <param name="Kind">Kind, such as <c>Deployment</c>.</param>
/// <param name="Key">Namespace and name.</param>
public readonly record struct ObjectReference(string Kind, ObjectKey Key)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Key}";
}
