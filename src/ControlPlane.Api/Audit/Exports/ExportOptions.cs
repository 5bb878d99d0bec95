namespace ControlPlane.Api.Audit.Exports;

/// <summary>Where exports are kept, and how long.</summary>
/// <param name="Directory">Directory of the files. With several replicas it must be one that all of them share.</param>
public sealed record ExportOptions(string Directory)
{
    /// <summary>How long a file is kept; the same query makes it again, byte by byte.</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Most entries that one export may hold: more is asked for in parts.</summary>
    public long MostEntries { get; init; } = 50_000_000;

    /// <summary>Where the finished file of an export is.</summary>
    public string FileOf(Guid id) => Path.Combine(Directory, $"{id:N}.zip");

    /// <summary>Where an export in the making keeps what it has.</summary>
    public string WorkOf(Guid id) => Path.Combine(Directory, $"{id:N}.work");
}
