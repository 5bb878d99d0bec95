using Compliance.Audit.Notes;

namespace Compliance.Audit.Verification;

/// <summary>What came of a check.</summary>
public enum FindingKind
{
    /// <summary>It holds.</summary>
    Passed,

    /// <summary>Something that an auditor should know; no sign of tampering by itself.</summary>
    Note,

    /// <summary>It could not be checked with what was given.</summary>
    Unchecked,

    /// <summary>It does not hold.</summary>
    Failed,
}

/// <summary>One thing that was checked.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Check">What was checked.</param>
/// <param name="Message">In words.</param>
/// <param name="Index">Index of the entry at fault; null when it is not about one.</param>
public sealed record Finding(FindingKind Kind, string Check, string Message, long? Index = null);

/// <summary>What a verification found.</summary>
/// <param name="Findings">In the order of the checks.</param>
public sealed record VerificationReport(IReadOnlyList<Finding> Findings)
{
    /// <summary>True when all that was asked for was checked and holds.</summary>
    public bool Passed => Findings.All(static finding => finding.Kind is FindingKind.Passed or FindingKind.Note);

    /// <summary>What shows the tampering best: the failure with the lowest index, or else the first one; null when nothing failed.</summary>
    public Finding? Failure => Findings.Where(static finding => finding.Kind == FindingKind.Failed).OrderBy(static finding => finding.Index ?? long.MaxValue).FirstOrDefault();
}

/// <summary>What the auditor trusts, having got it by another way than the package.</summary>
/// <param name="Log">Key of the log.</param>
public sealed record PackageTrust(NoteVerifier Log)
{
    /// <summary>Witnesses that must have cosigned the checkpoint.</summary>
    public IReadOnlyList<NoteVerifier> Witnesses { get; init; } = [];

    /// <summary>A signed checkpoint that the auditor kept: the log may only have grown since.</summary>
    public string? OlderCheckpoint { get; init; }
}
