using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Compliance.Audit.Entries;

namespace Compliance.Audit.Packages;

/// <summary>An entry as a row of the table formats. The tables are for reading; only the lines of <c>entries.jsonl</c> are evidence.</summary>
internal static class ExportRow
{
    /// <summary>How a time reads in a cell.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff";

    private static readonly TimeSpan India = new(5, 30, 0);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly SearchValues<char> Unwritable = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x10000).Select(static c => (char)c).Where(static c => c == '\r' || (!XmlConvert.IsXmlChar(c) && !char.IsSurrogate(c)))));

    /// <summary>What the columns hold.</summary>
    public static readonly IReadOnlyList<ExportColumn> Columns =
    [
        new("index", ColumnKind.Number),
        new("recorded_at_utc", ColumnKind.Time),
        new("recorded_at_ist", ColumnKind.Time),
        new("occurred_at_utc", ColumnKind.Time),
        new("event_id", ColumnKind.Text),
        new("source", ColumnKind.Text),
        new("source_sequence", ColumnKind.Number),
        new("actor_kind", ColumnKind.Text),
        new("actor_id", ColumnKind.Text),
        new("actor_via", ColumnKind.Text),
        new("action", ColumnKind.Text),
        new("object_kind", ColumnKind.Text),
        new("object_namespace", ColumnKind.Text),
        new("object_name", ColumnKind.Text),
        new("outcome", ColumnKind.Text),
        new("reason", ColumnKind.Text),
        new("correlation_id", ColumnKind.Text),
        new("frameworks", ColumnKind.Text),
        new("retention_class", ColumnKind.Text),
        new("before", ColumnKind.Text),
        new("after", ColumnKind.Text),
        new("details", ColumnKind.Text),
        new("leaf_sha256", ColumnKind.Text),
    ];

    /// <summary>Texts of the cells of an entry's bytes.</summary>
    public static string[] Of(long index, ReadOnlyMemory<byte> bytes, TreeHash leaf) => Of(index, AuditEntryReader.TryRead(bytes), leaf);

    /// <summary>Texts of the cells; a time reads <c>2026-11-27T12:00:00.000</c>, an empty cell is empty. Of what is no entry there are index and hash.</summary>
    public static string[] Of(long index, AuditEntryRecord? entry, TreeHash leaf)
    {
        var row = new string[Columns.Count];
        Array.Fill(row, "");
        row[0] = index.ToString(CultureInfo.InvariantCulture);
        row[^1] = leaf.ToString();
        if (entry is not null)
        {
            Fill(row, entry);
        }

        return row;
    }

    private static void Fill(string[] row, AuditEntryRecord entry)
    {
        row[1] = Time(entry.RecordedAt);
        row[2] = Time(entry.RecordedAt + India);
        row[3] = Time(entry.OccurredAt);
        row[4] = entry.EventId.ToString();
        row[5] = Text(entry.Source);
        row[6] = entry.SourceSequence?.ToString(CultureInfo.InvariantCulture) ?? "";
        row[7] = EntryNames.Of(entry.Actor.Kind);
        row[8] = Text(entry.Actor.Id);
        row[9] = Text(entry.Actor.Via);
        row[10] = Text(entry.Action);
        row[11] = Text(entry.Object?.Kind);
        row[12] = Text(entry.Object?.Namespace);
        row[13] = Text(entry.Object?.Name);
        row[14] = entry.Outcome is { } outcome ? EntryNames.Of(outcome) : "";
        row[15] = Text(entry.Reason);
        row[16] = Text(entry.CorrelationId);
        row[17] = Text(string.Join(' ', entry.Frameworks));
        row[18] = Text(entry.RetentionClass);
        row[19] = Json(entry.Before);
        row[20] = Json(entry.After);
        row[21] = Json(entry.Details);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string Json(JsonNode? node) => node is null ? "" : Text(node.ToJsonString(Plain));

    /// <summary>Control characters that no spreadsheet can hold become U+FFFD; the evidence keeps them.</summary>
    private static string Text(string? text) => text is null ? "" : !text.AsSpan().ContainsAny(Unwritable) ? text : string.Concat(text.Select(static letter => Unwritable.Contains(letter) ? '\ufffd' : letter));
}

/// <summary>A column of the tables.</summary>
internal sealed record ExportColumn(string Name, ColumnKind Kind);

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    /// <summary>Text, also where it looks like a number: leading zeros stay.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A time.</summary>
    Time,
}
