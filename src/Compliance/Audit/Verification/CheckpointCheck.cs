using System.Globalization;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>The checkpoint is signed by the log, and cosigned by each witness that the auditor names.</summary>
internal static class CheckpointCheck
{
    private const string Check = "checkpoint";

    public static async Task<Checkpoint> RunAsync(PackageFiles files, PackageTrust trust, Findings findings, CancellationToken cancellationToken)
    {
        var note = SignedNote.Parse(await files.ReadAsync(PackageLayout.Checkpoint, SignedNote.MaxSize, cancellationToken) ?? throw new FormatException($"{PackageLayout.Checkpoint} is missing"));
        var checkpoint = Checkpoint.Open(note, trust.Log);
        findings.Pass(Check, $"{trust.Log.Name}+{trust.Log.KeyId:x8} signed {checkpoint.Size} entries with root {checkpoint.Root}");
        foreach (var witness in trust.Witnesses)
        {
            CheckWitness(note, witness, findings);
        }

        if (trust.Witnesses.Count == 0)
        {
            findings.Note("witnesses", "no witness was named: whoever holds the log's key could have shown you another log than others. Name one with --witness");
        }

        return checkpoint;
    }

    private static void CheckWitness(SignedNote note, NoteVerifier witness, Findings findings)
    {
        var check = $"witness {witness.Name}";
        if (witness.Type != SignatureType.CosignatureV1)
        {
            findings.LeaveUnchecked(check, "its key is not one for cosignatures (type 0x04)");
        }
        else if (note.VerifiedBy(witness).Count == 0)
        {
            findings.Fail(check, "it did not cosign this checkpoint");
        }
        else
        {
            var time = note.Signatures.Where(witness.IsOf).Max(NoteVerifier.TimeOf);
            findings.Pass(check, string.Create(CultureInfo.InvariantCulture, $"it saw the log grow to this checkpoint, at {time:yyyy-MM-dd HH:mm:ss} UTC by its clock"));
        }
    }
}
