namespace Operators.Registry;

/// <summary>Something wrong with a declaration.</summary>
/// <param name="Reason">A reason of the kind's conditions.</param>
/// <param name="Field">Path of the field at fault, such as <c>spec.dependsOn[2]</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record FieldProblem(string Reason, string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Message}";
}
