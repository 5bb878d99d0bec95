using Compliance.Audit.Notes;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>The log's key signed the manifest, and so every file that it names (DSSE).</summary>
internal static class SealCheck
{
    private const string Check = "signature of the package";
    private const int Longest = 1 << 20;

    public static async Task RunAsync(PackageFiles files, NoteVerifier log, Findings findings, CancellationToken cancellationToken)
    {
        var envelope = DsseEnvelope.Read(await files.ReadAsync(PackageLayout.Envelope, Longest, cancellationToken) ?? throw new FormatException($"{PackageLayout.Envelope} is missing"));
        if (envelope.PayloadType != DsseEnvelope.InToto || !envelope.IsSignedBy(log))
        {
            findings.Fail(Check, $"{PackageLayout.Envelope} is not signed by {log.Name}+{log.KeyId:x8}");
            return;
        }

        var signed = PackageStatement.Read(envelope.Payload);
        var actual = await PackageSeal.HashAsync(files, [PackageLayout.Declaration, PackageLayout.Info, PackageLayout.Manifest], cancellationToken);
        if (actual.All(file => signed.GetValueOrDefault(file.Key) == file.Value))
        {
            findings.Pass(Check, $"{log.Name}+{log.KeyId:x8} signed the manifest of this package");
        }
        else
        {
            findings.Fail(Check, "the manifest is not the one that was signed");
        }
    }
}
