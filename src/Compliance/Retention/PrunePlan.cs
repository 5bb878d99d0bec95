namespace Compliance.Retention;

/// <summary>What could be removed from a log now, what stands in the way of more, and when that may change.</summary>
public sealed record PrunePlan
{
    /// <summary>First entry that is not pruned.</summary>
    public required long From { get; init; }

    /// <summary>The certificate for what could go; null when nothing can.</summary>
    public PruneCertificate? Certificate { get; init; }

    /// <summary>What would go, by class and rule; empty when nothing can.</summary>
    public IReadOnlyList<PrunedClass> Goes { get; init; } = [];

    /// <summary>The first entry that must stay, and why; null when the time of all entries is over.</summary>
    public PruneStop? Stop { get; init; }

    /// <summary>
    /// The day in India from which the next 256 entries may go, if no rule and no hold comes in between; null when nobody can say: a hold or a class
    /// without a rule is among them, or they are not all there yet.
    /// </summary>
    public DateOnly? NextOn { get; init; }
}

/// <summary>Entries of one class that would go by one rule.</summary>
/// <param name="Class">The class.</param>
/// <param name="Rule">The rule that kept them longest.</param>
/// <param name="Entries">How many.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="Oldest">When the first was recorded (UTC).</param>
/// <param name="Newest">When the last was recorded (UTC).</param>
public sealed record PrunedClass(string Class, string Rule, long Entries, long Bytes, DateTimeOffset Oldest, DateTimeOffset Newest);

/// <summary>Why no more can go.</summary>
/// <param name="Index">The first entry that must stay.</param>
/// <param name="Class">Its class.</param>
/// <param name="RecordedAt">When it was recorded (UTC).</param>
/// <param name="Until">Last day on which it must still be there; null when no rule speaks of its class.</param>
/// <param name="Rule">The rule that wants it; null when no rule speaks of its class.</param>
/// <param name="Holds">References of the legal holds that keep it; empty when its time alone does.</param>
public sealed record PruneStop(long Index, string Class, DateTimeOffset RecordedAt, DateOnly? Until, string? Rule, IReadOnlyList<string> Holds);
