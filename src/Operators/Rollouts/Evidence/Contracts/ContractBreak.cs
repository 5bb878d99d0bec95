namespace Operators.Rollouts.Evidence.Contracts;

/// <summary>Something on which a caller of the old version may rely, and that the new one does not keep.</summary>
/// <param name="Path">Where in the description, such as <c>paths["/orders"].get.responses["200"].body.items[].total</c>.</param>
/// <param name="Message">What became of it.</param>
internal sealed record ContractBreak(string Path, string Message)
{
    public override string ToString() => $"{Path} {Message}";
}
