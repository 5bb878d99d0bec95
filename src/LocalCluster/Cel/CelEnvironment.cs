namespace LocalCluster.Cel;

/// <summary>A name that expressions can use.</summary>
/// <param name="Name">The name; it may have dots.</param>
/// <param name="Type">The type of its values.</param>
internal readonly record struct CelVariable(string Name, CelType Type);

/// <summary>What expressions of one purpose can use, beside what all can (see <see cref="FunctionTable"/>).</summary>
/// <param name="Variables">The names; evaluations give their values in the same order.</param>
internal sealed record CelEnvironment(IReadOnlyList<CelVariable> Variables)
{
    /// <summary>Functions of this purpose alone.</summary>
    public IReadOnlyList<Overload> Functions { get; init; } = [];

    /// <summary>Finds a type of which expressions can make objects; null for a name that is none.</summary>
    public Func<string, CelType?> FindObject { get; init; } = static _ => null;

    /// <summary>The signatures of a function; null when there is none of that name.</summary>
    public IReadOnlyList<Overload>? Find(string name)
    {
        var general = FunctionTable.Find(name);
        List<Overload> special = [.. Functions.Where(function => function.Function == name)];
        return special.Count == 0 ? general : [.. general ?? [], .. special];
    }
}
