using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Web.Startup;

/// <summary>
/// Kinds that an earlier start installed into the embedded cluster: a later one need not read and apply their schemas, which takes two of its
/// seconds, as long as the files are the same and the cluster still serves what they declare.
/// </summary>
/// <param name="api">The embedded cluster.</param>
/// <param name="files">Their manifests.</param>
/// <param name="mark">File that remembers them.</param>
internal sealed class InstalledKinds(KubeApi api, IReadOnlyList<string> files, string mark)
{
    /// <summary>Whether nothing needs to be installed.</summary>
    public async Task<bool> AreServedAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not { Kinds.Count: > 0 } kept || kept.Files != Digest())
        {
            return false;
        }

        var discovery = new ApiDiscovery(api);
        foreach (var kind in kept.Kinds)
        {
            if (await discovery.FindAsync(kind.ApiVersion, kind.Kind, cancellationToken) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Remembers that they were installed.</summary>
    public Task KeepAsync(IEnumerable<ManifestDocument> applied, CancellationToken cancellationToken)
    {
        var kept = new Kept(Digest(), [.. applied.Where(static document => document.Kind == "CustomResourceDefinition").SelectMany(KindsOf)]);
        return File.WriteAllTextAsync(mark, JsonSerializer.Serialize(kept), cancellationToken);
    }

    private static IEnumerable<ServedKind> KindsOf(ManifestDocument definition)
    {
        var spec = definition.Json["spec"]!;
        return spec["versions"]!.AsArray()
            .Where(static version => (bool)version!["served"]!)
            .Select(version => new ServedKind($"{(string)spec["group"]!}/{(string)version!["name"]!}", (string)spec["names"]!["kind"]!));
    }

    private async Task<Kept?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<Kept>(await File.ReadAllTextAsync(mark, cancellationToken));
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException) // half a file: the process ended while it was written
        {
            return null;
        }
    }

    private string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private sealed record Kept(string Files, IReadOnlyList<ServedKind> Kinds);

    private sealed record ServedKind(string ApiVersion, string Kind);
}
