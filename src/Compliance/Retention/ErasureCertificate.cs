using System.Globalization;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;

namespace Compliance.Retention;

/// <summary>
/// Says that a person's data were erased: whose by an opaque id, by which request, how many, and what stays and why. It is an entry of the log, and so
/// is the attempt before it; an attempt without a certificate was broken off, and is taken up again.
/// </summary>
public sealed record ErasureCertificate
{
    /// <summary>Action of the entries.</summary>
    public const string Action = "personal.erase";

    /// <summary>Only entries of this source are certificates. Nobody outside can speak as it: sources of services have a slash in them.</summary>
    public const string Source = "personal-vault";

    /// <summary>Kind of object that persons are in the log.</summary>
    public const string ObjectKind = "Subject";

    /// <summary>Index of the entry.</summary>
    public required long Index { get; init; }

    /// <summary>When it was recorded (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Opaque id of the person.</summary>
    public required string Subject { get; init; }

    /// <summary>What the request is called elsewhere, without personal data.</summary>
    public required string Reference { get; init; }

    /// <summary>Why, in the words of who ran it.</summary>
    public required string Reason { get; init; }

    /// <summary>Opaque id of who ran it.</summary>
    public required string By { get; init; }

    /// <summary>False when it is about to be done.</summary>
    public required bool IsDone { get; init; }

    /// <summary>Index of the entry with which the request began: data of later entries are none of its.</summary>
    public required long Began { get; init; }

    /// <summary>How many data were erased.</summary>
    public long Erased { get; init; }

    /// <summary>How many data stay.</summary>
    public long Kept { get; init; }

    /// <summary>The day in India from which more of them may go; null when nobody can say, or none stay.</summary>
    public DateOnly? MoreOn { get; init; }

    /// <summary>Entries whose data stay, as ranges: first and last.</summary>
    public IReadOnlyList<(long First, long Last)> StaysIn { get; init; } = [];

    /// <summary>Ids of the rules and references of the holds that keep them.</summary>
    public IReadOnlyList<string> KeptBy { get; init; } = [];

    /// <summary>True when data of an entry were erased by it.</summary>
    public bool Covers(long entry) => IsDone && entry < Began && !StaysIn.Any(range => entry >= range.First && entry <= range.Last);

    /// <summary>Reads an entry; null when it is none of them.</summary>
    public static ErasureCertificate? Read(AuditEntry entry)
    {
        if (AuditEntryReader.TryRead(entry.Bytes) is not { Source: Source, Action: Action, Object: { Kind: ObjectKind, Name: var subject } } record)
        {
            return null;
        }

        var details = record.Details ?? [];
        return new ErasureCertificate
        {
            Index = entry.Index,
            At = record.RecordedAt,
            Subject = subject,
            Reference = (string?)details["reference"] ?? "",
            Reason = record.Reason ?? "",
            By = record.Actor.Id,
            IsDone = record.Outcome == AuditOutcome.Succeeded,
            Began = (long?)details["began"] ?? entry.Index,
            Erased = (long?)details["erased"] ?? 0,
            Kept = (long?)details["kept"] ?? 0,
            MoreOn = (string?)details["moreOn"] is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            StaysIn = [.. (details["staysIn"] as JsonArray ?? []).OfType<JsonArray>().Select(static range => ((long)range[0]!, (long)range[1]!))],
            KeptBy = [.. (details["keptBy"] as JsonArray ?? []).Select(static name => (string)name!)],
        };
    }

    /// <summary>What an attempt says.</summary>
    internal static JsonObject AttemptOf(string reference, long? began) => began is null
        ? new JsonObject { ["reference"] = reference }
        : new JsonObject { ["reference"] = reference, ["began"] = began };

    /// <summary>What a certificate says.</summary>
    internal static JsonObject DetailsOf(string reference, long began, int erased, ErasurePlan plan)
    {
        var details = AttemptOf(reference, began);
        (details["erased"], details["kept"]) = (erased, plan.Kept);
        if (plan.Kept > 0)
        {
            details["moreOn"] = plan.MoreOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            details["staysIn"] = new JsonArray([.. plan.StaysIn.Select(static range => (JsonNode)new JsonArray(range.First, range.Last))]);
            details["keptBy"] = new JsonArray([.. plan.Stays.Select(static kept => kept.Hold ?? kept.Rule ?? "").Where(static name => name.Length > 0).Distinct().Select(static name => (JsonNode)name)]);
        }

        return details;
    }
}
