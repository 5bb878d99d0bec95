using System.Text.Json;
using Compliance.Audit.Notes;

namespace Compliance.Audit.Packages;

/// <summary>Remembers, beside an unfinished package, what it is of: so a second attempt goes on with the same checkpoint, and never mixes two requests.</summary>
internal static class ExportState
{
    private const string FileName = "export.state";

    /// <summary>The checkpoint to prove against.</summary>
    public static async Task<string> TakeUpAsync(string folder, ExportRequest request, IAuditReader reader, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            var pinned = JsonSerializer.Deserialize<ExportRequest>(await File.ReadAllBytesAsync(path, cancellationToken))!;
            if (Same(pinned with { Checkpoint = request.Checkpoint ?? pinned.Checkpoint }, request with { Checkpoint = request.Checkpoint ?? pinned.Checkpoint }))
            {
                return pinned.Checkpoint!;
            }
        }

        var checkpoint = request.Checkpoint ?? await reader.LatestCheckpointAsync(cancellationToken)
            ?? throw new NoteException("the log has no checkpoint yet: wait for the first, at most a minute");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await PackageFile.WriteAsync(folder, FileName, JsonSerializer.SerializeToUtf8Bytes(request with { Checkpoint = checkpoint }), cancellationToken);
        return checkpoint;
    }

    public static void Forget(string folder) => File.Delete(Path.Combine(folder, FileName));

    private static bool Same(ExportRequest one, ExportRequest other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);
}
