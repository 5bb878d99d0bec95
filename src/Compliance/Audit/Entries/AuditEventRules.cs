using System.Buffers;
using System.Globalization;

namespace Compliance.Audit.Entries;

/// <summary>What an event must be like to be recorded. Messages name no value: it may be a personal datum.</summary>
internal static class AuditEventRules
{
    /// <summary>From here on, an event that comes late is marked as back-dated.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromDays(1);

    /// <summary>From here on, an event from the future is marked as ahead; clocks of a fleet differ by less.</summary>
    public static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private static readonly SearchValues<char> ActionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/");

    private static readonly SearchValues<char> Controls = SearchValues.Create(string.Concat(Enumerable.Range(0, 0xa0).Select(static c => (char)c).Where(char.IsControl)));

    private static readonly SearchValues<char> ControlsButLines =
        SearchValues.Create(string.Concat(Enumerable.Range(0, 0xa0).Select(static c => (char)c).Where(static c => char.IsControl(c) && c is not ('\n' or '\t' or '\r'))));

    private const int NameLength = 256;
    private const int ReasonLength = 2048;
    private const int MaxFrameworks = 16;
    private const int MaxPersonalData = 32;
    private const int PersonalValueLength = 4096;

    /// <exception cref="AuditEventException">It breaks a rule.</exception>
    public static void Check(AuditEvent e, int position)
    {
        var check = new Checker(position);
        check.That(e.Id != Guid.Empty, "eventId", "is empty: give each event an id of its own (UUIDv7)");
        check.Name(e.Source, "source", required: true);
        check.That(e.SourceSequence is null or (> 0 and < 1L << 53), "sourceSequence", "counts from 1 and stays below 2^53");
        check.That(e.OccurredAt.Year is >= 1990 and < 2200, "occurredAt", "is not a time between 1990 and 2200");
        check.That(e.Actor is not null, "actor", "is missing");
        check.That(Enum.IsDefined(e.Actor!.Kind), "actor.kind", "is not a known kind");
        check.Name(e.Actor.Id, "actor.id", required: true);
        check.Name(e.Actor.Via, "actor.via", required: true);
        CheckAction(check, e.Action);
        if (e.Object is { } target)
        {
            check.Name(target.Kind, "object.kind", required: true);
            check.Name(target.Namespace, "object.namespace", required: false);
            check.Name(target.Name, "object.name", required: true, length: 2 * NameLength);
        }

        check.That(Enum.IsDefined(e.Outcome), "outcome", "is not a known outcome");
        check.Text(e.Reason, "reason", ReasonLength, allowLines: true);
        check.Name(e.CorrelationId ?? "", "correlationId", required: false);
        check.That(e.CorrelationId is not "", "correlationId", "is empty: leave it out");
        check.That(e.Frameworks.Count <= MaxFrameworks, "frameworks", $"has more than {MaxFrameworks}");
        check.That(e.Frameworks.Count < 2 || e.Frameworks.Distinct().Count() == e.Frameworks.Count, "frameworks", "names one twice");
        foreach (var framework in e.Frameworks)
        {
            check.Name(framework, "frameworks", required: true);
        }

        check.Name(e.RetentionClass, "retentionClass", required: true);
        if (e.PersonalData.Count > 0)
        {
            CheckPersonalData(check, e.PersonalData);
        }
    }

    /// <summary>What the entry says of the source's clock; null when it fits ours.</summary>
    public static string? JudgeClock(DateTimeOffset occurredAt, DateTimeOffset now) =>
        occurredAt > now + Early ? "ahead" : occurredAt < now - Late ? "backdated" : null;

    private static void CheckAction(Checker check, string action)
    {
        check.Name(action, "action", required: true);
        var dot = action.IndexOf('.', StringComparison.Ordinal);
        check.That(dot > 0 && dot < action.Length - 1, "action", "is not like noun.verb");
        check.That(!action.AsSpan().ContainsAnyExcept(ActionCharacters), "action", "has characters other than letters, digits and . - _ /");
    }

    private static void CheckPersonalData(Checker check, IReadOnlyList<PersonalDatum> data)
    {
        check.That(data.Count <= MaxPersonalData, "personalData", $"has more than {MaxPersonalData}");
        check.That(data.Select(static d => (d.Subject, d.Field)).Distinct().Count() == data.Count, "personalData", "names a field of a subject twice");
        foreach (var datum in data)
        {
            check.Name(datum.Subject, "personalData.subject", required: true);
            check.Name(datum.Field, "personalData.field", required: true);
            check.That(datum.Value is { Length: > 0 and <= PersonalValueLength }, "personalData.value", $"is empty or longer than {PersonalValueLength} characters");
        }
    }

    private readonly struct Checker(int position)
    {
        public void That(bool fits, string field, string problem)
        {
            if (!fits)
            {
                throw new AuditEventException(position, field, $"{field} {problem}");
            }
        }

        public void Name(string? value, string field, bool required, int length = NameLength)
        {
            That(value is not null && (!required || !string.IsNullOrWhiteSpace(value)), field, "is missing or empty");
            Text(value, field, length, allowLines: false);
        }

        public void Text(string? value, string field, int length, bool allowLines)
        {
            if (value is null)
            {
                return;
            }

            if (value.Length > length)
            {
                That(false, field, string.Create(CultureInfo.InvariantCulture, $"is longer than {length} characters"));
            }

            That(!value.AsSpan().ContainsAny(allowLines ? ControlsButLines : Controls), field, "has control characters");
        }
    }
}
