using System.Globalization;
using Compliance.Audit.Entries;

namespace Compliance.Audit.Verification;

/// <summary>
/// A log writes a heartbeat when nobody else writes, at least each minute: a longer silence means that it was down, or that entries were never recorded.
/// </summary>
internal sealed class TimeWatch
{
    /// <summary>Two missed heartbeats.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(2);

    private const string Check = "heartbeats";
    private const int Shown = 20;

    private readonly List<(long Index, DateTimeOffset From, DateTimeOffset To)> _silences = [];
    private long _silenceCount;
    private DateTimeOffset? _before;
    private long? _backwards;

    public void Take(long index, AuditEntryRecord entry)
    {
        if (_before is { } before && entry.RecordedAt < before)
        {
            _backwards ??= index;
        }
        else if (_before is { } last && entry.RecordedAt - last > LongestSilence && ++_silenceCount <= Shown)
        {
            _silences.Add((index, last, entry.RecordedAt));
        }

        _before = entry.RecordedAt;
    }

    public void Report(Findings findings)
    {
        if (_backwards is { } index)
        {
            findings.Note(Check, "it was recorded before the entry before it: the log's clock was set back", index);
        }

        foreach (var (at, from, to) in _silences)
        {
            findings.Note(Check, string.Create(CultureInfo.InvariantCulture, $"nothing was recorded between {from:yyyy-MM-dd HH:mm:ss} and {to:yyyy-MM-dd HH:mm:ss} UTC: the log was down, or somebody kept it from recording"), at);
        }

        if (_silenceCount == 0)
        {
            findings.Pass(Check, $"no silence of more than {LongestSilence.TotalMinutes:0} minutes");
        }
        else if (_silenceCount > Shown)
        {
            findings.Note(Check, $"{_silenceCount - Shown} further silences");
        }
    }
}
