namespace Compliance.Retention;

/// <summary>What can be erased of a person's data now, and what must stay.</summary>
public sealed record ErasurePlan
{
    /// <summary>Opaque id of the person.</summary>
    public required string Subject { get; init; }

    /// <summary>Digests of the data that go, in hexadecimal: those that nothing keeps, and those that no entry commits to.</summary>
    public required IReadOnlySet<string> Goes { get; init; }

    /// <summary>Data that go, by field; those that no entry commits to have none.</summary>
    public required IReadOnlyDictionary<string, long> GoesByField { get; init; }

    /// <summary>Data that stay, by what keeps them.</summary>
    public required IReadOnlyList<KeptData> Stays { get; init; }

    /// <summary>Entries whose data stay, as ranges: first and last. Where there are very many, the last one covers others too.</summary>
    public required IReadOnlyList<(long First, long Last)> StaysIn { get; init; }

    /// <summary>How many data stay.</summary>
    public long Kept => Stays.Sum(static kept => kept.Count);

    /// <summary>The day in India from which more of them may go; null when nobody can say, because a hold or a class without a rule keeps them, or when none stay.</summary>
    public DateOnly? MoreOn => Stays.Where(static kept => kept.Hold is null && kept.Until is not null).Min(static kept => kept.Until)?.AddDays(1);
}

/// <summary>Data of a person that stay for one reason.</summary>
/// <param name="Field">What they are.</param>
/// <param name="Count">How many.</param>
/// <param name="Rule">The rule that wants them kept; null for a hold, or when no rule speaks of their entries' class.</param>
/// <param name="Until">Last day on which the first of them must still be there; null when nobody knows.</param>
/// <param name="Hold">Reference of the legal hold that keeps them; null when none does.</param>
public sealed record KeptData(string Field, long Count, string? Rule, DateOnly? Until, string? Hold);
