using System.Buffers.Text;
using System.Globalization;
using System.Text.Json.Nodes;
using Compliance.Audit.Personal;

namespace Compliance.Audit.Entries;

/// <summary>Turns events into entries: the canonical JSON (RFC 8785) whose bytes are stored and hashed.</summary>
/// <param name="origin">Name of the log, as in its checkpoints: an entry can't be passed off as one of another log.</param>
public sealed class AuditEntryWriter(string origin)
{
    /// <summary>Version of the entry's shape. Later ones add members and never change what one means.</summary>
    public const int SchemaVersion = 1;

    private readonly CanonicalWriter _writer = new();

    /// <summary>Makes an entry of an event; when it is recorded is filled in later.</summary>
    /// <param name="e">The event.</param>
    /// <param name="position">Which of the caller's events it is, for errors.</param>
    /// <param name="now">By our clock, to mark events that say to be from another time.</param>
    /// <exception cref="AuditEventException">It can't be recorded as it is.</exception>
    public PreparedEntry Prepare(AuditEvent e, int position, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(e);
        AuditEventRules.Check(e, position);
        PersonalCommitment[] personal = e.PersonalData.Count == 0 ? [] : [.. e.PersonalData.Select(PersonalCommitment.To)];
        _writer.Clear();
        var recordedAt = Write(e, position, AuditEventRules.JudgeClock(e.OccurredAt, now), personal);
        if (_writer.Length > AuditLimits.EntryBytes)
        {
            throw TooLong(e, position);
        }

        return new PreparedEntry(e, _writer.Written.ToArray(), recordedAt, personal);
    }

    /// <summary>Writes the members in their canonical order, and says where the time of recording goes.</summary>
    private int Write(AuditEvent e, int position, string? clock, PersonalCommitment[] personal)
    {
        Member("{\"action\":"u8, e.Action, "action", position);
        WriteActor(e.Actor, position);
        Member(",\"after\":"u8, e.After, "after", position);
        Member(",\"before\":"u8, e.Before, "before", position);
        Member(",\"clock\":"u8, clock, "clock", position);
        WriteCommitments(personal, position);
        Member(",\"correlationId\":"u8, e.CorrelationId, "correlationId", position);
        Member(",\"details\":"u8, e.Details, "details", position);
        WriteId(e.Id);
        WriteFrameworks(e.Frameworks, position);
        _writer.Raw(",\"istOffset\":\"+05:30\""u8);
        Member(",\"log\":"u8, origin, "log", position);
        WriteObject(e.Object, position);
        _writer.Raw(",\"occurredAt\":\""u8);
        WriteTime(e.OccurredAt);
        _writer.Raw('"');
        Member(",\"outcome\":"u8, EntryNames.Of(e.Outcome), "outcome", position);
        Member(",\"reason\":"u8, e.Reason, "reason", position);
        _writer.Raw(",\"recordedAt\":\""u8);
        var recordedAt = _writer.Length;
        _writer.Raw(EntryTime.Placeholder);
        _writer.Raw('"');
        Member(",\"retentionClass\":"u8, e.RetentionClass, "retentionClass", position);
        _writer.Raw(",\"schema\":"u8);
        _writer.Integer(SchemaVersion);
        Member(",\"source\":"u8, e.Source, "source", position);
        if (e.SourceSequence is { } sequence)
        {
            _writer.Raw(",\"sourceSequence\":"u8);
            _writer.Integer(sequence);
        }

        _writer.Raw('}');
        return recordedAt;
    }

    private void WriteActor(AuditActor actor, int position)
    {
        Member(",\"actor\":{\"id\":"u8, actor.Id, "actor.id", position);
        Member(",\"kind\":"u8, EntryNames.Of(actor.Kind), "actor.kind", position);
        Member(",\"via\":"u8, actor.Via, "actor.via", position);
        _writer.Raw('}');
    }

    private void WriteObject(AuditObject? target, int position)
    {
        if (target is not null)
        {
            Member(",\"object\":{\"kind\":"u8, target.Kind, "object.kind", position);
            Member(",\"name\":"u8, target.Name, "object.name", position);
            Member(",\"namespace\":"u8, target.Namespace, "object.namespace", position);
            _writer.Raw('}');
        }
    }

    private void WriteCommitments(PersonalCommitment[] personal, int position)
    {
        for (var i = 0; i < personal.Length; i++)
        {
            _writer.Raw(i == 0 ? ",\"commitments\":["u8 : ","u8);
            Member("{\"digest\":"u8, Convert.ToHexStringLower(personal[i].Digest), "commitments", position);
            Member(",\"field\":"u8, personal[i].Datum.Field, "personalData.field", position);
            Member(",\"subject\":"u8, personal[i].Datum.Subject, "personalData.subject", position);
            _writer.Raw('}');
        }

        if (personal.Length > 0)
        {
            _writer.Raw(']');
        }
    }

    private void WriteFrameworks(IReadOnlyList<string> frameworks, int position)
    {
        for (var i = 0; i < frameworks.Count; i++)
        {
            Member(i == 0 ? ",\"frameworks\":["u8 : ","u8, frameworks[i], "frameworks", position);
        }

        if (frameworks.Count > 0)
        {
            _writer.Raw(']');
        }
    }

    private void WriteTime(DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[EntryTime.Placeholder.Length];
        EntryTime.Write(time, text);
        _writer.Raw(text);
    }

    private void WriteId(Guid id)
    {
        _writer.Raw(",\"eventId\":\""u8);
        Span<byte> text = stackalloc byte[36];
        Utf8Formatter.TryFormat(id, text, out _);
        _writer.Raw(text);
        _writer.Raw('"');
    }

    private void Member(ReadOnlySpan<byte> name, string? value, string field, int position)
    {
        if (value is null)
        {
            return;
        }

        _writer.Raw(name);
        try
        {
            _writer.String(value);
        }
        catch (FormatException e)
        {
            throw new AuditEventException(position, field, $"{field} {e.Message}");
        }
    }

    private void Member(ReadOnlySpan<byte> name, JsonNode? value, string field, int position)
    {
        if (value is null)
        {
            return;
        }

        _writer.Raw(name);
        try
        {
            CanonicalJson.Write(_writer, value);
        }
        catch (FormatException e)
        {
            throw new AuditEventException(position, field, $"{field} {e.Message}");
        }
    }

    /// <summary>Names the longest of the parts that callers can shorten.</summary>
    private AuditEventException TooLong(AuditEvent e, int position)
    {
        var length = _writer.Length;
        var (field, bytes) = new[] { ("after", Measure(e.After)), ("before", Measure(e.Before)), ("details", Measure(e.Details)) }.MaxBy(static part => part.Item2);
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"the entry would have {length} bytes, and may have {AuditLimits.EntryBytes}; {field} alone has {bytes}: leave out what did not change, or refer to it by its hash");
        return new AuditEventException(position, field, message);
    }

    private static int Measure(JsonNode? part) => part is null ? 0 : CanonicalJson.Serialize(part).Length;
}
