using Compliance.Audit.Entries;

namespace Compliance.Retention;

/// <summary>Counts what becomes of a person's data. What no entry turns out to commit to goes: its entry was pruned, or never came to be.</summary>
internal sealed class ErasureTally(string subject, IReadOnlySet<string> data)
{
    /// <summary>Ranges of entries that are told one by one; where there are more, the last one covers the rest.</summary>
    private const int MostRanges = 100;

    private readonly HashSet<string> _goes = new(data, StringComparer.Ordinal);
    private readonly Dictionary<string, long> _goesByField = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Field, string? Rule, string? Hold), KeptData> _stays = [];
    private readonly List<(long First, long Last)> _staysIn = [];

    /// <summary>It is none of this request's.</summary>
    public void PassOver(CommitmentRecord datum) => _goes.Remove(datum.Digest);

    public void Erase(CommitmentRecord datum) => _goesByField[datum.Field] = _goesByField.GetValueOrDefault(datum.Field) + 1;

    public void Keep(CommitmentRecord datum, long index, DataKeeper keeper)
    {
        _goes.Remove(datum.Digest);
        var key = (datum.Field, keeper.Rule, keeper.Hold);
        _stays[key] = _stays.TryGetValue(key, out var known)
            ? known with { Count = known.Count + 1, Until = keeper.Until < known.Until ? keeper.Until : known.Until }
            : new KeptData(datum.Field, 1, keeper.Rule, keeper.Until, keeper.Hold);
        if (_staysIn.Count > 0 && (_staysIn[^1].Last >= index - 1 || _staysIn.Count == MostRanges))
        {
            _staysIn[^1] = (_staysIn[^1].First, index);
        }
        else
        {
            _staysIn.Add((index, index));
        }
    }

    public ErasurePlan ToPlan() => new()
    {
        Subject = subject,
        Goes = _goes,
        GoesByField = _goesByField,
        Stays = [.. _stays.Values.OrderBy(static kept => kept.Field, StringComparer.Ordinal).ThenBy(static kept => kept.Until ?? DateOnly.MaxValue)],
        StaysIn = [.. _staysIn],
    };
}
