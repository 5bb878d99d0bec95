using System.Text.Json;
using Compliance.Audit.Entries;

namespace Compliance.Retention;

/// <summary>What retention wants to know of every entry of a log, read without the rest of it.</summary>
/// <param name="Class">Its retention class; empty for bytes that are no entry.</param>
/// <param name="RecordedAt">When it was recorded (UTC).</param>
internal readonly record struct RetentionFacts(string Class, DateTimeOffset RecordedAt)
{
    /// <summary>The day in India on which it was recorded.</summary>
    public DateOnly Day => FinancialYear.DayOf(RecordedAt);

    /// <summary>Reads them; null where the bytes are no entry, which only a change past the log can make of one.</summary>
    public static RetentionFacts? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            reader.Read();
            var (retentionClass, recorded) = ("", default(DateTimeOffset));
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isClass = reader.ValueTextEquals("retentionClass"u8);
                var isTime = reader.ValueTextEquals("recordedAt"u8);
                reader.Read();
                if (isClass)
                {
                    retentionClass = reader.GetString() ?? "";
                }
                else if (isTime)
                {
                    recorded = EntryTime.Parse(reader.GetString() ?? "");
                }

                reader.Skip();
            }

            return recorded == default ? null : new RetentionFacts(retentionClass, recorded);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
