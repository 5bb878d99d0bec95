using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// An owned object as it is in the cluster: its JSON without <c>managedFields</c>, and of those only what answers "who else changed it".
/// Bytes rather than a model, because a fleet has tens of thousands and comparing needs no model; and packed.
/// </summary>
public sealed class LiveObject : IKubeObject
{
    private readonly PackedJson _json;

    internal LiveObject(ObjectMeta metadata, ReadOnlySpan<byte> json, FieldOwnership ownership)
    {
        Metadata = metadata;
        _json = PackedJson.Of(json);
        Ownership = ownership;
    }

    /// <summary>Identity, labels, annotations and owners.</summary>
    public ObjectMeta Metadata { get; }

    /// <summary>The object, UTF-8, without <c>managedFields</c>. Unpacked anew each time: whoever needs it twice keeps it.</summary>
    public ReadOnlyMemory<byte> Json => _json.Unpack();

    /// <summary>Fingerprint of what we applied last; null when we never did.</summary>
    public string? AppliedFingerprint => Applied?.Fingerprint;

    /// <summary>What we noted on the object when we wrote it last; null when we never did, or somebody took the note away.</summary>
    internal AppliedMark? Applied => AppliedMark.Parse(Metadata.Annotations.GetValueOrDefault(FleetApi.AppliedAnnotation));

    /// <summary>True when somebody else made it and it was taken over.</summary>
    internal bool IsTakenOver => Metadata.Annotations.ContainsKey(FleetApi.TakenOverAnnotation);

    /// <summary>Who set which fields.</summary>
    internal FieldOwnership Ownership { get; }

    /// <summary>The object with its kind, which an API server leaves out of the items of a list.</summary>
    public JsonObject ToJson(ResourceType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var json = JsonNode.Parse(Json.Span)!.AsObject();
        json["apiVersion"] = type.ApiVersion;
        json["kind"] = type.Kind;
        return json;
    }

    /// <summary>Decodes the object into a type that has what the caller needs.</summary>
    public T Read<T>() =>
        JsonSerializer.Deserialize<T>(Json.Span, KubeJson.Options) ?? throw new JsonException($"{Metadata.Key} is null");

    /// <summary>The manager that changed one of these fields last; if the fields were removed, the one that changed anything last.</summary>
    /// <returns>Null when no other manager is on record.</returns>
    internal string? LastForeignManager(IReadOnlyList<FieldPath> fields)
    {
        if (Ownership.Foreign is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(Ownership.Foreign);
        var entries = document.RootElement.EnumerateArray().OrderByDescending(TimeOf).ToList();
        var owner = entries.FirstOrDefault(entry => entry.TryGetProperty("fieldsV1", out var owned) && fields.Any(field => FieldsV1.Owns(owned, field)));
        var entry = owner.ValueKind == JsonValueKind.Object ? owner : entries[0];
        return entry.TryGetProperty("manager", out var manager) ? manager.GetString() : null;
    }

    private static DateTimeOffset TimeOf(JsonElement entry) =>
        entry.TryGetProperty("time", out var time) && time.TryGetDateTimeOffset(out var at) ? at : DateTimeOffset.MinValue;
}
