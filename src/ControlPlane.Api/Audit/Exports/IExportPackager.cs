using Compliance.Audit;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>Makes the file that an auditor gets.</summary>
internal interface IExportPackager
{
    /// <summary>Writes a package; the same contents give the same bytes.</summary>
    Task WriteAsync(ExportContents contents, string file, CancellationToken cancellationToken);
}

/// <summary>What goes into a package. Nothing in it tells one export of a query from another: who asked, and when, is on record in the log.</summary>
/// <param name="Query">The query.</param>
/// <param name="Size">Size of the log that it is an export of.</param>
/// <param name="Checkpoint">The signed checkpoint of that size.</param>
/// <param name="Count">How many entries match.</param>
/// <param name="Entries">The entries, oldest first. May be read once.</param>
internal sealed record ExportContents(ExportQuery Query, long Size, string Checkpoint, long Count, IAsyncEnumerable<AuditEntry> Entries);
