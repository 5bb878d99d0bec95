using System.Text;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Testing;
using Verifier;

namespace Verifier.Tests;

/// <summary>An export in a folder of its own, and what the program says of it.</summary>
internal sealed class Export : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("dabbawala-export").FullName;

    public string Folder => Path.Combine(_home, "package");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Export> OfAsync(MemoryLog log, AuditQuery? query = null, string? older = null, string? checkpoint = null, NoteSigner? key = null, IReadOnlyList<NoteVerifier>? witnesses = null, long from = 0, long? end = null)
    {
        var export = new Export();
        var request = new ExportRequest
        {
            Query = query ?? new AuditQuery(), From = from, End = end, ExporterId = "u-1", SoftwareVersion = "0.1.0", Organisation = "Example Stores", Checkpoint = checkpoint, OlderCheckpoint = older,
        };
        await ExportPackageWriter.WriteAsync(request, log, new ExportKeys(key ?? MemoryLog.Key, witnesses ?? []), export.Folder, progress: null, Cancellation);
        return export;
    }

    /// <summary>Runs the verifier as its Main does.</summary>
    public async Task<(int Code, string Output)> VerifyAsync(string? older = null, NoteVerifier? key = null, IReadOnlyList<NoteVerifier>? witnesses = null, string? package = null)
    {
        var output = new StringWriter();
        string? file = null;
        if (older is not null)
        {
            await File.WriteAllTextAsync(file = Path.Combine(_home, "older"), older, Cancellation);
        }

        var code = await Verification.RunAsync(
            new VerificationOptions(package ?? Folder, (key ?? MemoryLog.Key.Verifier).ToString(), file, [.. (witnesses ?? []).Select(witness => witness.ToString())]), output, Cancellation);
        return (code, output.ToString());
    }

    public List<string> Lines() => [.. File.ReadAllText(At("data/entries.jsonl")).Split('\n')[..^1]];

    public void Write(List<string> lines) => File.WriteAllText(At("data/entries.jsonl"), string.Concat(lines.Select(line => line + "\n")));

    public string At(string path) => Path.Combine(Folder, path);

    /// <summary>What somebody with the disk, but not the key, can do to hide a change: make the manifests anew.</summary>
    public async Task FixManifestsAsync()
    {
        using var files = new PackageFolder(Folder);
        await File.WriteAllBytesAsync(At("manifest-sha256.txt"), BagManifest.Write(await PackageSeal.HashAsync(files, files.Paths.Where(path => path.StartsWith("data/", StringComparison.Ordinal)), Cancellation)), Cancellation);
        var size = Directory.GetFiles(At("data")).Sum(path => new FileInfo(path).Length);
        var info = File.ReadAllLines(At("bag-info.txt")).Select(line => line.StartsWith("Payload-Oxum", StringComparison.Ordinal) ? $"Payload-Oxum: {size}.{Directory.GetFiles(At("data")).Length}" : line);
        await File.WriteAllTextAsync(At("bag-info.txt"), string.Concat(info.Select(line => line + "\n")), Cancellation);
        string[] tags = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "package.dsse.json"];
        await File.WriteAllBytesAsync(At("tagmanifest-sha256.txt"), BagManifest.Write(await PackageSeal.HashAsync(files, tags, Cancellation)), Cancellation);
    }

    /// <summary>What somebody with the key can do besides: sign the package anew.</summary>
    public async Task ResealAsync()
    {
        await FixManifestsAsync();
        using var files = new PackageFolder(Folder);
        var description = PackageDescription.Read(await File.ReadAllBytesAsync(At("data/query.json"), Cancellation));
        var hashes = await PackageSeal.HashAsync(files, ["bagit.txt", "bag-info.txt", "manifest-sha256.txt"], Cancellation);
        await File.WriteAllBytesAsync(At("package.dsse.json"), DsseEnvelope.Sign(DsseEnvelope.InToto, PackageStatement.Write(hashes, description), MemoryLog.Key).Write(), Cancellation);
        await FixManifestsAsync();
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);
}
