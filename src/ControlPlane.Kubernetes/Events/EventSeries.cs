using System.Globalization;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Events;

/// <summary>One event of events.k8s.io/v1 and its repetitions, which the API keeps as one object with a count.</summary>
/// <param name="note">What is told.</param>
/// <param name="stamp">Makes the name of the object unique: later events have higher ones.</param>
/// <param name="at">When it happened first (UTC).</param>
internal sealed class EventSeries(EventNote note, long stamp, DateTimeOffset at)
{
    private const int LongestName = 253; // of a DNS subdomain
    private const int LongestNote = 1024; // bytes, as the API validates

    public EventNote Note { get; } = note;

    /// <summary>Where the object is stored: beside what it is about, or in <c>default</c> when that has no namespace.</summary>
    public ObjectKey Key { get; } = new(note.Regarding.Key.Namespace is { Length: > 0 } ns ? ns : "default", Name(note.Regarding.Key.Name, stamp));

    public int Count { get; private set; } = 1;

    public DateTimeOffset FirstSeen { get; } = at;

    public DateTimeOffset LastSeen { get; private set; } = at;

    /// <summary>The count that the API knows; 0 while it does not know the event.</summary>
    public int Written { get; private set; }

    public DateTimeOffset LastWritten { get; private set; } = at;

    public void Repeat(DateTimeOffset now)
    {
        Count++;
        LastSeen = now;
    }

    public void Wrote(DateTimeOffset now)
    {
        Written = Count;
        LastWritten = now;
    }

    /// <summary>The API has forgotten the event: it goes on as another object.</summary>
    public EventSeries Renewed(long newStamp) => new(Note, newStamp, FirstSeen) { Count = Count, LastSeen = LastSeen };

    public byte[] ToCreate(string controller, string instance) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            apiVersion = KnownResources.Events.ApiVersion,
            kind = KnownResources.Events.Kind,
            metadata = new { name = Key.Name, @namespace = Key.Namespace },
            eventTime = MicroTime.Format(FirstSeen),
            reportingController = controller,
            reportingInstance = instance,
            action = Note.Action,
            reason = Note.Reason,
            type = Note.Severity.ToString(),
            note = Cut(Note.Note),
            series = Count > 1 ? Repetitions() : null,
            regarding = new
            {
                apiVersion = Note.Regarding.Type.ApiVersion,
                kind = Note.Regarding.Type.Kind,
                name = Note.Regarding.Key.Name,
                @namespace = Note.Regarding.Key.Namespace,
                uid = Note.Regarding.Uid,
            },
        },
        KubeJson.Options);

    public byte[] ToCount() => JsonSerializer.SerializeToUtf8Bytes(new { series = Repetitions() }, KubeJson.Options);

    private object Repetitions() => new { count = Count, lastObservedTime = MicroTime.Format(LastSeen) };

    private static string Name(string subject, long stamp)
    {
        var suffix = "." + stamp.ToString("x", CultureInfo.InvariantCulture);
        var room = LongestName - suffix.Length;
        return (subject.Length <= room ? subject : subject[..room].TrimEnd('.', '-')) + suffix;
    }

    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= LongestNote)
        {
            return text;
        }

        var kept = new StringBuilder();
        var room = LongestNote - "…"u8.Length;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.Append('…').ToString();
    }
}
