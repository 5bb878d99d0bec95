namespace ControlPlane.Api.Audit.Exports;

/// <summary>Where exports are kept, and how long.</summary>
/// <param name="Directory">Directory of the files. With several replicas it must be one that all of them share.</param>
public sealed record ExportOptions(string Directory)
{
    /// <summary>How long a file is kept; the same query makes it again, byte by byte.</summary>
    public TimeSpan Kept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Whose records they are, for the certificate.</summary>
    public string Organisation { get; init; } = "";

    /// <summary>Device or source of the records, for the certificate: make, model, serial number or cloud id.</summary>
    public string Device { get; init; } = "";

    /// <summary>Where the finished file of an export is.</summary>
    public string FileOf(Guid id) => Path.Combine(Directory, $"{id:N}.zip");

    /// <summary>Where an export in the making keeps what it has.</summary>
    public string WorkOf(Guid id) => Path.Combine(Directory, $"{id:N}.work");
}
