using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Compliance.Audit.Notes;

namespace Compliance.Audit.Packages;

/// <summary>Closes a package: hashes its files, prefills the certificate with them, names all in the manifests and signs those.</summary>
internal static class PackageSeal
{
    public static async Task<ExportSummary> CloseAsync(ExportRequest request, PackageDescription description, NoteSigner log, string folder, CancellationToken cancellationToken)
    {
        var files = new PackageFolder(folder);
        File.Delete(PackageFile.At(folder, PackageLayout.Certificate)); // it must not stand in its own hash report
        var hashes = await HashAsync(files, files.Paths.Where(static path => path.StartsWith(PackageLayout.Payload, StringComparison.Ordinal)), cancellationToken);
        await PackageFile.WriteAsync(folder, PackageLayout.Certificate, Certificate.Write(request, description, hashes, log.Verifier), cancellationToken);
        hashes[PackageLayout.Certificate] = (await HashAsync(files, [PackageLayout.Certificate], cancellationToken))[PackageLayout.Certificate];

        var bytes = hashes.Keys.Sum(path => new FileInfo(PackageFile.At(folder, path)).Length);
        await PackageFile.WriteAsync(folder, PackageLayout.Declaration, Encoding.UTF8.GetBytes(PackageLayout.DeclarationText), cancellationToken);
        await PackageFile.WriteAsync(folder, PackageLayout.Info, Info(request, description, bytes, hashes.Count), cancellationToken);
        await PackageFile.WriteAsync(folder, PackageLayout.Manifest, BagManifest.Write(hashes), cancellationToken);

        var signed = await HashAsync(files, [PackageLayout.Declaration, PackageLayout.Info, PackageLayout.Manifest], cancellationToken);
        var envelope = DsseEnvelope.Sign(DsseEnvelope.InToto, PackageStatement.Write(signed, description), log);
        await PackageFile.WriteAsync(folder, PackageLayout.Envelope, envelope.Write(), cancellationToken);

        string[] tags = [PackageLayout.Declaration, PackageLayout.Info, PackageLayout.Manifest, PackageLayout.Envelope];
        await PackageFile.WriteAsync(folder, PackageLayout.TagManifest, BagManifest.Write(await HashAsync(files, tags, cancellationToken)), cancellationToken);
        return new ExportSummary(description, signed[PackageLayout.Manifest], bytes);
    }

    public static async Task<Dictionary<string, string>> HashAsync(PackageFiles files, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        Dictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            await using var file = files.TryOpen(path) ?? throw new FormatException($"{path} is missing");
            hashes[path] = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        }

        return hashes;
    }

    private static byte[] Info(ExportRequest request, PackageDescription description, long bytes, int files) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"Source-Organization: {OneLine(request.Organisation)}\nExternal-Description: {description.Count} entries of the audit log {description.Log}\n"
        + $"Payload-Oxum: {bytes}.{files}\nBag-Software-Agent: Dabbawala {OneLine(request.SoftwareVersion)}\n"));

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
