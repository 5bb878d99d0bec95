using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Compliance.Audit.Packages;

/// <summary>
/// What the log's key signs of a package: an in-toto statement (v1) whose subjects are the manifest, which names every file of the payload, and the
/// tag files beside it.
/// </summary>
internal static class PackageStatement
{
    private const string Type = "https://in-toto.io/Statement/v1";
    private const string PredicateType = "https://dabbawala.dev/audit-export/v1";

    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> hashes, PackageDescription description)
    {
        var subjects = hashes.OrderBy(static file => file.Key, StringComparer.Ordinal)
            .Select(static JsonNode (file) => new JsonObject { ["name"] = file.Key, ["digest"] = new JsonObject { ["sha256"] = file.Value } });
        var statement = new JsonObject
        {
            ["_type"] = Type,
            ["subject"] = new JsonArray([.. subjects]),
            ["predicateType"] = PredicateType,
            ["predicate"] = new JsonObject
            {
                ["log"] = description.Log,
                ["checkpointSize"] = description.CheckpointSize,
                ["count"] = description.Count,
                ["exporterId"] = description.ExporterId,
            },
        };
        return Encoding.UTF8.GetBytes(statement.ToJsonString());
    }

    /// <summary>The hashes that are signed, by name.</summary>
    /// <exception cref="FormatException">It is not such a statement.</exception>
    public static Dictionary<string, string> Read(byte[] payload)
    {
        try
        {
            var statement = JsonNode.Parse(payload)!;
            return statement["_type"]!.GetValue<string>() == Type && statement["predicateType"]!.GetValue<string>() == PredicateType
                ? statement["subject"]!.AsArray().ToDictionary(
                    static file => file!["name"]!.GetValue<string>(), static file => file!["digest"]!["sha256"]!.GetValue<string>(), StringComparer.Ordinal)
                : throw new FormatException("the signed statement is not one about an audit export");
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new FormatException("the signed statement is malformed", malformed);
        }
    }
}
