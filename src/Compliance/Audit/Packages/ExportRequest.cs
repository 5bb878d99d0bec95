using Compliance.Audit.Notes;

namespace Compliance.Audit.Packages;

/// <summary>What is exported. The same request over the same checkpoint always gives the same bytes: nothing in a package depends on the clock.</summary>
public sealed record ExportRequest
{
    /// <summary>Which entries.</summary>
    public required AuditQuery Query { get; init; }

    /// <summary>First index that may be in it.</summary>
    public long From { get; init; }

    /// <summary>Index after the last that may be in it; null for all that the checkpoint covers.</summary>
    public long? End { get; init; }

    /// <summary>Signed checkpoint that the entries are proved against; null for the newest when the export begins. It stays the same when an export is taken up again.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>An earlier signed checkpoint, such as the auditor's last one: the package then proves that nothing of it was changed since.</summary>
    public string? OlderCheckpoint { get; init; }

    /// <summary>Opaque id of who exports.</summary>
    public required string ExporterId { get; init; }

    /// <summary>What it is for, in the exporter's words; without personal data.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>Version of the software that exports.</summary>
    public required string SoftwareVersion { get; init; }

    /// <summary>Where the records come from, for the certificate: organisation and the system's name and place.</summary>
    public string Organisation { get; init; } = "";

    /// <summary>Device or digital record source, for the certificate: make, model, serial number or cloud id.</summary>
    public string Device { get; init; } = "";
}

/// <summary>Keys that a package is made with.</summary>
/// <param name="Log">Key of the log: signs the package.</param>
/// <param name="Witnesses">Keys of witnesses whose cosignatures may be under the checkpoint.</param>
public sealed record ExportKeys(NoteSigner Log, IReadOnlyList<NoteVerifier> Witnesses);

/// <summary>How far an export is.</summary>
/// <param name="Part">File that is being written.</param>
/// <param name="Rows">Rows of it that are done.</param>
/// <param name="Total">Rows in all; null as long as nobody knows.</param>
public sealed record ExportProgress(string Part, long Rows, long? Total);

/// <summary>What an export became.</summary>
/// <param name="Description">What is in the package.</param>
/// <param name="ManifestSha256">SHA-256 of the manifest, lower-case hexadecimal: names the package in the audit log.</param>
/// <param name="Bytes">Bytes of its files.</param>
public sealed record ExportSummary(PackageDescription Description, string ManifestSha256, long Bytes);
