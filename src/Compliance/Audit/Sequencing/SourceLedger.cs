using System.Collections.Immutable;

namespace Compliance.Audit.Sequencing;

/// <summary>Numbers that a source skipped.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public sealed record SequenceRange(long First, long Last);

/// <summary>How far a source that counts its events has come.</summary>
/// <param name="Source">The source.</param>
/// <param name="Next">The number that its next event should have.</param>
/// <param name="Missing">Numbers before it that never came, in order.</param>
public sealed record SourceProgress(string Source, long Next, ImmutableList<SequenceRange> Missing);

/// <summary>What a number says of its source.</summary>
public enum SequenceVerdict
{
    /// <summary>It follows the last one.</summary>
    InOrder,

    /// <summary>Numbers before it are missing now.</summary>
    Skips,

    /// <summary>It was missing.</summary>
    Fills,

    /// <summary>Another event had it.</summary>
    Repeats,
}

/// <summary>Keeps which numbers of each source came, so that a missing event shows. Events may come out of order.</summary>
/// <remarks>Not thread-safe: the sequencer's own. What it publishes is immutable.</remarks>
internal sealed class SourceLedger
{
    private readonly Dictionary<string, SourceProgress> _sources;
    private readonly Dictionary<string, SourceProgress> _changed = [];

    public SourceLedger(IEnumerable<SourceProgress> sources) => _sources = sources.ToDictionary(static s => s.Source);

    /// <summary>What was taken since the last <see cref="Commit"/> or <see cref="Rollback"/>.</summary>
    public IReadOnlyList<SourceProgress> Changed => [.. _changed.Values];

    /// <summary>Sources with numbers missing.</summary>
    public IReadOnlyList<SourceProgress> WithGaps => [.. _sources.Values.Where(static s => !s.Missing.IsEmpty)];

    public SequenceVerdict Take(string source, long number)
    {
        var before = _changed.GetValueOrDefault(source) ?? _sources.GetValueOrDefault(source) ?? new SourceProgress(source, 1, []);
        var (after, verdict) = Take(before, number);
        if (verdict != SequenceVerdict.Repeats)
        {
            _changed[source] = after;
        }

        return verdict;
    }

    public void Commit()
    {
        foreach (var (source, progress) in _changed)
        {
            _sources[source] = progress;
        }

        _changed.Clear();
    }

    public void Rollback() => _changed.Clear();

    private static (SourceProgress After, SequenceVerdict Verdict) Take(SourceProgress before, long number)
    {
        if (number == before.Next)
        {
            return (before with { Next = number + 1 }, SequenceVerdict.InOrder);
        }

        if (number > before.Next)
        {
            return (before with { Next = number + 1, Missing = before.Missing.Add(new SequenceRange(before.Next, number - 1)) }, SequenceVerdict.Skips);
        }

        var at = before.Missing.FindIndex(range => range.First <= number && number <= range.Last);
        return at < 0
            ? (before, SequenceVerdict.Repeats)
            : (before with { Missing = before.Missing.RemoveAt(at).InsertRange(at, Without(before.Missing[at], number)) }, SequenceVerdict.Fills);
    }

    private static IEnumerable<SequenceRange> Without(SequenceRange range, long number)
    {
        if (range.First < number)
        {
            yield return new SequenceRange(range.First, number - 1);
        }

        if (number < range.Last)
        {
            yield return new SequenceRange(number + 1, range.Last);
        }
    }
}
