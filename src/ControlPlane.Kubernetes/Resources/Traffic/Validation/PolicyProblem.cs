namespace ControlPlane.Kubernetes.Resources.Traffic.Validation;

/// <summary>Something wrong with a policy that its schema can't say.</summary>
/// <param name="Field">Path of the field at fault, such as <c>spec.routes[0].matches[1].path.value</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record PolicyProblem(string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Message}";
}
