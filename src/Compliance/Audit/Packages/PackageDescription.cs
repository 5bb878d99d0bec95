using System.Text.Json;
using System.Text.Json.Serialization;

namespace Compliance.Audit.Packages;

/// <summary>What a package holds, as its <c>data/query.json</c> says. A verifier holds the entries against it.</summary>
public sealed record PackageDescription
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Version of the package's layout.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Log that the entries are of.</summary>
    public required string Log { get; init; }

    /// <summary>Size of the checkpoint that they are proved against.</summary>
    public required long CheckpointSize { get; init; }

    /// <summary>What was asked for.</summary>
    public required AuditQuery Query { get; init; }

    /// <summary>First index that may be in it.</summary>
    public required long From { get; init; }

    /// <summary>Index after the last that may be in it.</summary>
    public required long End { get; init; }

    /// <summary>Entries in it.</summary>
    public required long Count { get; init; }

    /// <summary>Index of the first entry; null without entries.</summary>
    public long? First { get; init; }

    /// <summary>Index of the last entry; null without entries.</summary>
    public long? Last { get; init; }

    /// <summary>True when every entry between the first and the last must be there: then a missing one shows. A filter other than time hides what it leaves out.</summary>
    public required bool IsContiguous { get; init; }

    /// <summary>Opaque id of who exported it.</summary>
    public required string ExporterId { get; init; }

    /// <summary>What it is for.</summary>
    public required string Purpose { get; init; }

    /// <summary>Version of the software that made it.</summary>
    public required string SoftwareVersion { get; init; }

    /// <summary>What is masked: personal data are in no entry, only commitments to them.</summary>
    public string Redaction { get; init; } = "personal data are left out; entries hold commitments (HMAC-SHA-256)";

    /// <summary>True when a query narrows by nothing but time.</summary>
    public static bool HasOnlyTimes(AuditQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query with { From = null, To = null } == new AuditQuery();
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static PackageDescription Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<PackageDescription>(json, Json) ?? throw new FormatException($"{PackageLayout.Query} is empty");
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"{PackageLayout.Query} is malformed: {malformed.Message}", malformed);
        }
    }

    /// <summary>Writes it.</summary>
    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];
}
