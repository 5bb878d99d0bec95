using System.Globalization;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit;

/// <summary>Instants as people and programs write them in addresses.</summary>
public static class Instant
{
    /// <summary>India's offset; it has had no daylight saving since 1945.</summary>
    public static readonly TimeSpan India = new(5, 30, 0);

    /// <summary>Reads an RFC 3339 instant; a date or a time of day without an offset is meant as India's. Null for nothing.</summary>
    /// <exception cref="RequestException">It is neither.</exception>
    public static DateTimeOffset? Read(string field, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var written = text.Trim().Replace(' ', '+'); // a plus sign that nobody escaped arrives as a space
        if (DateTime.TryParseExact(written, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return new DateTimeOffset(local, India).ToUniversalTime();
        }

        return DateTimeOffset.TryParseExact(
                written,
                ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var instant)
            ? instant
            : throw RequestException.BadParameter(field, $"{field} must be an instant such as 2026-11-27T10:00:00Z, or a date, not '{text}'");
    }

    /// <summary>The shortest exact way to write an instant in an address.</summary>
    public static string Write(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
