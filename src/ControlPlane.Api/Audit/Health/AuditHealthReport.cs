namespace ControlPlane.Api.Audit.Health;

/// <summary>How the log is, in words that people who answer to auditors can act on.</summary>
public sealed record AuditHealthReport
{
    /// <summary>How much attention it deserves.</summary>
    public required HealthLevel Level { get; init; }

    /// <summary>The one thing to know.</summary>
    public required string Headline { get; init; }

    /// <summary>Entries.</summary>
    public required long Entries { get; init; }

    /// <summary>Entries that the newest checkpoint covers; null before the first.</summary>
    public long? CheckpointSize { get; init; }

    /// <summary>When it was signed (UTC); null when nobody says.</summary>
    public DateTimeOffset? CheckpointAt { get; init; }

    /// <summary>Key of the log, as <c>name+id</c>.</summary>
    public required string LogKey { get; init; }

    /// <summary>Fingerprint of that key, to be compared with one that came another way.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The findings, the worst first.</summary>
    public IReadOnlyList<HealthFinding> Findings { get; init; } = [];

    /// <summary>What the log protects against, and what it does not.</summary>
    public IReadOnlyList<Protection> Protections { get; init; } = [];
}

/// <summary>How much attention something deserves.</summary>
public enum HealthLevel
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Somebody should look.</summary>
    Attention,

    /// <summary>Somebody must look now.</summary>
    Bad,
}

/// <summary>Something about the log.</summary>
/// <param name="Level">How much attention it deserves.</param>
/// <param name="Subject">What it is about: <c>Checkpoint</c>, <c>Self-check</c>, <c>Witness</c>, <c>Sources</c>, <c>Store</c>.</param>
/// <param name="Words">What is known, and what to do.</param>
public sealed record HealthFinding(HealthLevel Level, string Subject, string Words);

/// <summary>An attack, and whether it would show.</summary>
/// <param name="Shows">True when it would show, false when it would not, null when that depends.</param>
/// <param name="Attack">What somebody might do.</param>
/// <param name="Words">Why it would show, or what it takes.</param>
public sealed record Protection(bool? Shows, string Attack, string Words);
