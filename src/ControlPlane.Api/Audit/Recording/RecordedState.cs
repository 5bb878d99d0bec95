using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using ControlPlane.Api.Manifests;
using Operators.Registry.Baseline;

namespace ControlPlane.Api.Audit.Recording;

/// <summary>State of objects as it may go into the log: without secrets, without what the API server keeps for itself, and short enough.</summary>
internal static class RecordedState
{
    /// <summary>What an entry needs besides states, reason and details: ids, names, frameworks, commitments.</summary>
    private const int OtherBytes = 2560;

    private const string Hidden = "(hidden)";

    /// <summary>An object as it may be recorded; null for none.</summary>
    public static JsonObject? Of(JsonObject? json)
    {
        var state = ObjectDiff.Presentable(json);
        HideSecrets(state);
        return state;
    }

    /// <summary>
    /// The event, with states that would make its entry longer than <see cref="AuditLimits.EntryBytes"/> replaced by their length and hash, the
    /// longer one first: what was stored can still be held against the entry.
    /// </summary>
    public static AuditEvent Fit(AuditEvent item)
    {
        var room = AuditLimits.EntryBytes - OtherBytes - Encoding.UTF8.GetByteCount(item.Reason ?? "") - Length(item.Details);
        var (before, after) = (Length(item.Before), Length(item.After));
        if (before + after > room && before >= after)
        {
            (item, before) = (item with { Before = Cut(item.Before!) }, 0);
        }

        if (before + after > room)
        {
            item = item with { After = Cut(item.After!) };
        }

        return before > room ? item with { Before = Cut(item.Before!) } : item;
    }

    private static int Length(JsonNode? node) => node is null ? 0 : Encoding.UTF8.GetByteCount(node.ToJsonString());

    private static JsonObject Cut(JsonNode state)
    {
        var bytes = CanonicalJson.Serialize(state);
        return new JsonObject
        {
            ["cut"] = "longer than an entry may be",
            ["bytes"] = bytes.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        };
    }

    /// <summary>Values of variables and keys whose names say that they hold a secret, wherever in the object: <c>env</c>, ConfigMaps, annotations.</summary>
    private static void HideSecrets(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } item:
                if (item["name"] is JsonValue name && item["value"] is JsonValue && SecretNames.Match(name.ToString()))
                {
                    item["value"] = Hidden;
                }

                foreach (var (field, value) in item.ToList())
                {
                    if (value is JsonValue && value.GetValueKind() == JsonValueKind.String && SecretNames.Match(field) && !IsReference(field))
                    {
                        item[field] = Hidden;
                    }

                    HideSecrets(item[field]);
                }

                break;
            case JsonArray list:
                foreach (var element in list)
                {
                    HideSecrets(element);
                }

                break;
        }
    }

    /// <summary>Fields of the Kubernetes API that name a Secret, and hold none.</summary>
    private static bool IsReference(string field) => field is "secretName" or "secretRef" or "secretKeyRef" or "imagePullSecrets" or "automountServiceAccountToken" or "serviceAccountToken";
}
