using System.Text.Json;
using Compliance.Audit;

namespace Compliance.Tests.Audit;

/// <summary>Runs the probes of transparency-dev/merkle when they lie beside the repository; nothing depends on them.</summary>
public sealed class ConformanceProbeTests
{
    [Fact]
    public void Proofs_are_judged_as_the_public_probes_say()
    {
        if (FindProbes() is not { } path)
        {
            Assert.Skip("no shared/vectors/rfc6962_probes.json beside the repository, and DABBAWALA_VECTORS names no folder with it");
            return;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var judged = 0;
        foreach (var probe in document.RootElement.GetProperty("probes").EnumerateArray())
        {
            if (Judge(probe) is { } holds)
            {
                judged++;
                Assert.True(holds != probe.GetProperty("wantErr").GetBoolean(), probe.GetProperty("file").GetString());
            }
        }

        Assert.True(judged >= 190);
    }

    private static bool? Judge(JsonElement probe)
    {
        if (probe.TryGetProperty("size1", out var earlier) && probe.TryGetProperty("root1", out var earlierRoot))
        {
            if (Hash(earlierRoot) is null && !probe.GetProperty("wantErr").GetBoolean())
            {
                return null; // roots that are words, which need only be the same: our types hold nothing but hashes
            }

            return Hash(earlierRoot) is { } before && Hash(probe.GetProperty("root2")) is { } after && Proof(probe) is { } proof
                && MerkleProof.IsConsistent((long)earlier.GetUInt64(), before, (long)probe.GetProperty("size2").GetUInt64(), after, proof);
        }

        return probe.TryGetProperty("treeSize", out var size) && probe.TryGetProperty("leafIdx", out var index) && probe.TryGetProperty("leafHash", out var leaf)
            ? Hash(leaf) is { } entry && Hash(probe.GetProperty("root")) is { } root && Proof(probe) is { } siblings
                && MerkleProof.IsIncluded(entry, (long)index.GetUInt64(), (long)size.GetUInt64(), root, siblings)
            : null;
    }

    /// <summary>Null for what is no hash at all: it can't even be written down here.</summary>
    private static TreeHash? Hash(JsonElement text) =>
        text.ValueKind == JsonValueKind.String && text.GetBytesFromBase64() is { Length: TreeHash.Size } bytes ? new TreeHash(bytes) : null;

    private static List<TreeHash>? Proof(JsonElement probe)
    {
        var hashes = probe.GetProperty("proof") is { ValueKind: JsonValueKind.Array } proof ? proof.EnumerateArray().Select(Hash).ToList() : [];
        return hashes.TrueForAll(static hash => hash is not null) ? [.. hashes.Select(static hash => hash!.Value)] : null;
    }

    private static string? FindProbes()
    {
        string?[] folders = [Environment.GetEnvironmentVariable("DABBAWALA_VECTORS"), .. Ancestors().Select(static folder => Path.Combine(folder, "shared", "vectors"))];
        return folders.Where(static folder => folder is not null).Select(static folder => Path.Combine(folder!, "rfc6962_probes.json")).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Ancestors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
