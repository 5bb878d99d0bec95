using System.Globalization;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Verification;
using ControlPlane.Api.Audit.Witnessing;

namespace ControlPlane.Api.Audit.Health;

/// <summary>How the log that this process writes is; null in a process that only reads it.</summary>
public delegate AuditHealth? ReadAuditHealth();

/// <summary>Says in plain words how the log is, and what it does and does not protect against as it is run now.</summary>
public sealed class AuditHealthQuery(
    IAuditReader reader, ReadAuditHealth health, ReadCosignedCheckpoint cosigned, AuditKeys keys, Authorizer authorizer, TimeProvider time)
{
    /// <summary>A checkpoint is signed at least each minute; an older one means that signing stopped.</summary>
    private static readonly TimeSpan StalledAfter = TimeSpan.FromMinutes(2);

    /// <summary>A cosignature older than this protects no more what came since.</summary>
    private static readonly TimeSpan WitnessLateAfter = TimeSpan.FromMinutes(10);

    /// <summary>How the log is now.</summary>
    /// <exception cref="AccessException">The caller may not read the log.</exception>
    public async Task<AuditHealthReport> ReadAsync(CancellationToken cancellationToken)
    {
        authorizer.DemandNamespaces(Permissions.ReadAudit);
        var known = health();
        var note = await reader.LatestCheckpointAsync(cancellationToken) is { } text ? SignedNote.Parse(text) : null;
        var witnessed = WitnessedAt(await cosigned(cancellationToken) is { } kept ? SignedNote.Parse(kept) : note);
        var isWitnessed = witnessed is { } at && time.GetUtcNow() - at <= WitnessLateAfter;
        List<HealthFinding> findings =
        [
            Store(known),
            CheckpointOf(known, note),
            SelfCheck(known),
            Witness(witnessed, isWitnessed),
            .. (known?.Gaps ?? []).Select(Gap),
        ];
        var worst = findings.MaxBy(finding => finding.Level)!;
        return new()
        {
            Level = worst.Level,
            Headline = worst.Level == HealthLevel.Good ? "The log is whole and witnessed" : known is { IsTampered: true } ? "The log was changed past its rules, and takes nothing until that is settled" : Headline(worst),
            Entries = reader.Size,
            CheckpointSize = note is null ? null : Checkpoint.Parse(note.Text).Size,
            CheckpointAt = known?.Checkpoint?.At,
            LogKey = string.Create(CultureInfo.InvariantCulture, $"{keys.Log.Name}+{keys.Log.KeyId:x8}"),
            Fingerprint = keys.Fingerprint,
            Findings = [.. findings.OrderByDescending(finding => finding.Level)],
            Protections = Health.Protections.Of(isWitnessed),
        };
    }

    private static string Headline(HealthFinding worst) => worst switch
    {
        { Subject: "Witness" } => "The log is whole, but nobody outside watches it",
        { Subject: "Sources" } => "Events of a source are missing",
        { Subject: "Checkpoint" } => "No checkpoint is being signed",
        { Subject: "Self-check", Level: HealthLevel.Bad } => "The log was changed past its rules",
        { Subject: "Self-check" } => "The log has not been looked through yet",
        _ => "The log takes nothing now, so nothing can be changed",
    };

    private static HealthFinding Store(AuditHealth? known) => known is { IsTampered: true, ClosedBecause: { } change }
        ? new(HealthLevel.Bad, "Store", $"Nothing can be changed or signed in to: {change} Keep a copy of the database as it is, and call whoever answers for security.")
        : known?.ClosedBecause is { } why
        ? new(HealthLevel.Bad, "Store", $"It takes no entries: {why}. Commands are refused until it does; what it took is safe.")
        : new(HealthLevel.Good, "Store", known is { PrunedTo: > 0 }
            ? $"It takes entries. Those before {Number(known.PrunedTo)} were pruned at the end of their retention; what remains still verifies."
            : "It takes entries, each on disk before it is acknowledged.");

    private HealthFinding CheckpointOf(AuditHealth? known, SignedNote? note)
    {
        if (note is null || !note.Signatures.Any(keys.Log.IsOf))
        {
            return new(HealthLevel.Attention, "Checkpoint", "None is signed by the log's key yet. The first comes within a minute of the first entry.");
        }

        if (known?.Checkpoint is not { } newest)
        {
            return new(HealthLevel.Good, "Checkpoint", "Signed by the log's key. Another process writes the log and knows its age.");
        }

        var age = time.GetUtcNow() - newest.At;
        return age > StalledAfter
            ? new(HealthLevel.Bad, "Checkpoint", $"The last was signed {Minutes(age)} ago{(known.CheckpointFailure is { } failure ? $": {failure}" : "")}. Entries since then are in no signed tree.")
            : new(HealthLevel.Good, "Checkpoint", $"The last covers {Number(newest.Size)} entries. One is signed every few seconds while entries come, and at least once a minute.");
    }

    private static HealthFinding SelfCheck(AuditHealth? known) => known?.SelfCheck switch
    {
        null => new(HealthLevel.Good, "Self-check", "It has not ended a first time since this process began. It hashes every entry anew and compares it with the tree."),
        { Findings.Count: > 0 } report => new(HealthLevel.Bad, "Self-check", $"What is stored is not what was recorded: {string.Join("; ", report.Findings)}. Keep the database as it is and call whoever answers for security."),
        { } report => new(HealthLevel.Good, "Self-check", $"All of {Number(report.Size - report.From)} entries hash to the signed tree."),
    };

    private HealthFinding Witness(DateTimeOffset? witnessed, bool isWitnessed) => (keys.Witnesses.Count, witnessed) switch
    {
        (0, _) => new(HealthLevel.Attention, "Witness", "There is none. Whoever holds the log's key and its database could write the whole log anew, and only an auditor with an older checkpoint would notice."),
        (_, null) => new(HealthLevel.Attention, "Witness", "None has cosigned the newest checkpoint. Until one does, entries since its last cosignature are protected by the log's key alone."),
        _ when isWitnessed => new(HealthLevel.Good, "Witness", "An independent witness cosigned lately: it saw that the log only grew since it looked before."),
        _ => new(HealthLevel.Attention, "Witness", "The last cosignature is old: look whether the witness runs."),
    };

    private static HealthFinding Gap(SourceProgress source) => new(
        HealthLevel.Attention,
        "Sources",
        $"{source.Source} numbers its events, and {Number(source.Missing.Sum(range => range.Last - range.First + 1))} of them never came (the first is {Number(source.Missing[0].First)}).");

    /// <summary>When a known witness cosigned the checkpoint; null when none did, or when its cosignature does not hold.</summary>
    private DateTimeOffset? WitnessedAt(SignedNote? note) => note?.Signatures
        .Where(signature => keys.Witnesses.Any(witness => witness.IsOf(signature) && witness.Verifies(note.Text, signature)))
        .Max(NoteVerifier.TimeOf);

    private static string Minutes(TimeSpan age) => age.TotalHours >= 1 ? $"{Number((long)age.TotalHours)} h" : $"{Number((long)age.TotalMinutes)} min";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
