using Compliance.Audit.Entries;

namespace Compliance.Retention;

/// <summary>Personal data whose time is over.</summary>
internal sealed class ExpiredData
{
    private readonly Dictionary<string, HashSet<string>> _bySubject = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _upTo = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rules = new(StringComparer.Ordinal);

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>Their digests, by the person whose they are.</summary>
    public IEnumerable<(string Subject, IReadOnlySet<string> Digests)> BySubject =>
        _bySubject.Where(static pair => pair.Value.Count > 0).Select(static pair => (pair.Key, (IReadOnlySet<string>)pair.Value));

    /// <summary>By class: the last entry that commits to some of them. Data of entries of the class before it are over their time as well.</summary>
    public IReadOnlyDictionary<string, long> UpTo => _upTo;

    /// <summary>Ids of the rules by which they go.</summary>
    public IEnumerable<string> Rules => _rules.Order(StringComparer.Ordinal);

    public void Add(CommitmentRecord datum, long index, string retentionClass, string rule)
    {
        if (!_bySubject.TryGetValue(datum.Subject, out var digests))
        {
            _bySubject.Add(datum.Subject, digests = new HashSet<string>(StringComparer.Ordinal));
        }

        Count += digests.Add(datum.Digest) ? 1 : 0;
        _upTo[retentionClass] = index;
        _rules.Add(rule);
    }

    /// <summary>Keeps only what is among others too.</summary>
    public void Intersect(ExpiredData others)
    {
        foreach (var (subject, digests) in _bySubject)
        {
            digests.IntersectWith(others._bySubject.GetValueOrDefault(subject, []));
        }

        Count = _bySubject.Values.Sum(static digests => digests.Count);
    }
}
