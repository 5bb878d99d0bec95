using System.Security.Cryptography;
using System.Text;
using Compliance.Audit.Witnessing;

namespace Witness;

/// <summary>
/// Keeps one file for each log. A new one is written beside it and moved over it, both on disk before anything is cosigned: a crash leaves the old or
/// the new, never a part.
/// </summary>
internal sealed class WitnessFiles(string folder) : IWitnessStore
{
    public async Task<string?> ReadAsync(string origin, CancellationToken cancellationToken) =>
        File.Exists(PathOf(origin)) ? await File.ReadAllTextAsync(PathOf(origin), cancellationToken) : null;

    public async Task WriteAsync(string origin, string text, CancellationToken cancellationToken)
    {
        var path = PathOf(origin);
        await using (var file = new FileStream($"{path}.new", FileMode.Create, FileAccess.Write))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move($"{path}.new", path, overwrite: true);

        // Syncing the file under its new name brings the move itself to disk on journalling file systems; a folder can't be opened for that here.
        using var moved = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(moved);
    }

    /// <summary>The origin is somebody else's text: it does not become a file name.</summary>
    private string PathOf(string origin) => Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))}.checkpoint");
}
