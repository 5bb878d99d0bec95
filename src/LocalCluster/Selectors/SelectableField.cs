namespace LocalCluster.Selectors;

/// <summary>A field by which objects of a kind can be selected.</summary>
/// <param name="Label">Name in selectors.</param>
/// <param name="Path">Where its value is in the stored object, in names of properties.</param>
/// <param name="Absent">What it is compared as when there is no value.</param>
internal sealed record SelectableField(string Label, IReadOnlyList<string> Path, string Absent = "")
{
    /// <summary>Where to look when there is no value; null for nowhere.</summary>
    public IReadOnlyList<string>? Otherwise { get; init; }

    /// <summary>A field whose name is its path.</summary>
    public static SelectableField At(string path, string absent = "") => new(path, path.Split('.'), absent);
}
