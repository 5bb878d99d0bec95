namespace Compliance.Retention;

/// <summary>Counts entries that could go, by class and rule.</summary>
internal sealed class PruneTally
{
    private readonly Dictionary<(string Class, string Rule), PrunedClass> _classes = [];

    public IReadOnlyList<PrunedClass> Classes => [.. _classes.Values.OrderBy(static c => c.Class, StringComparer.Ordinal).ThenBy(static c => c.Rule, StringComparer.Ordinal)];

    public IReadOnlyDictionary<string, long> ByRule => _classes.Values.GroupBy(static c => c.Rule).ToDictionary(static rule => rule.Key, static rule => rule.Sum(static c => c.Entries));

    public void Add(RetentionFacts facts, string rule, int bytes) => Add(new PrunedClass(facts.Class, rule, 1, bytes, facts.RecordedAt, facts.RecordedAt));

    /// <summary>Takes over all of another tally, which is empty then.</summary>
    public void TakeOver(PruneTally other)
    {
        foreach (var item in other._classes.Values)
        {
            Add(item);
        }

        other._classes.Clear();
    }

    private void Add(PrunedClass more) => _classes[(more.Class, more.Rule)] = _classes.TryGetValue((more.Class, more.Rule), out var known)
        ? known with { Entries = known.Entries + more.Entries, Bytes = known.Bytes + more.Bytes, Newest = more.Newest }
        : more;
}
