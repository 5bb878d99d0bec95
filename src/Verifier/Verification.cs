using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Verification;

namespace Verifier;

/// <summary>What was asked for on the command line.</summary>
internal sealed record VerificationOptions(string Package, string Key, string? OlderCheckpoint, IReadOnlyList<string> Witnesses);

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    public const int Pass = 0;
    public const int Fail = 1;
    public const int CouldNotCheck = 2;
}

/// <summary>Runs the verification and says what came of it.</summary>
internal static class Verification
{
    public static async Task<int> RunAsync(VerificationOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            var trust = new PackageTrust(NoteVerifier.Parse(options.Key))
            {
                Witnesses = [.. options.Witnesses.Select(NoteVerifier.Parse)],
                OlderCheckpoint = options.OlderCheckpoint is null ? null : await ReadCheckpointAsync(options, cancellationToken),
            };
            using var files = PackageFiles.Open(options.Package);
            var report = await PackageVerifier.VerifyAsync(files, trust, progress: null, cancellationToken);
            return await PrintAsync(report, output);
        }
        catch (Exception unusable) when (unusable is NoteException or FormatException or IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync($"COULD NOT CHECK: {unusable.Message}");
            return ExitCode.CouldNotCheck;
        }
    }

    /// <summary>An older checkpoint that is not the log's own would make every package look tampered with: that is the caller's mistake.</summary>
    private static async Task<string> ReadCheckpointAsync(VerificationOptions options, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(options.OlderCheckpoint!, cancellationToken);
        Checkpoint.Open(SignedNote.Parse(text), NoteVerifier.Parse(options.Key));
        return text;
    }

    private static async Task<int> PrintAsync(VerificationReport report, TextWriter output)
    {
        foreach (var finding in report.Findings)
        {
            var label = finding.Kind switch { FindingKind.Passed => "ok", FindingKind.Note => "note", FindingKind.Unchecked => "unchecked", _ => "FAILED" };
            await output.WriteLineAsync($"{label,-9} {finding.Check}{(finding.Index is { } at ? $", entry {at}" : "")}: {finding.Message}");
        }

        if (report.Failure is { } failure)
        {
            await output.WriteLineAsync(failure.Index is { } index ? $"FAIL first bad index {index}: {failure.Message}" : $"FAIL {failure.Check}: {failure.Message}");
            return ExitCode.Fail;
        }

        await output.WriteLineAsync(report.Passed ? "PASS" : "COULD NOT CHECK everything that was asked for");
        return report.Passed ? ExitCode.Pass : ExitCode.CouldNotCheck;
    }
}
