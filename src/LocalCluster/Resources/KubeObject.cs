using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Resources;

/// <summary>An object that is being worked on: its JSON tree, with names for the parts of <c>metadata</c> that every kind has.</summary>
/// <param name="json">The whole object. Its types have been checked where it came from a client.</param>
internal sealed class KubeObject(JsonObject json)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The tree itself; changes to it are changes to this object.</summary>
    public JsonObject Json { get; } = json;

    /// <summary>Group and version of the kind.</summary>
    public string ApiVersion
    {
        get => (string?)Json["apiVersion"] ?? "";
        set => Json["apiVersion"] = value;
    }

    /// <summary>The kind.</summary>
    public string Kind
    {
        get => (string?)Json["kind"] ?? "";
        set => Json["kind"] = value;
    }

    /// <summary>The metadata; created when there is none.</summary>
    public JsonObject Metadata
    {
        get
        {
            if (Json["metadata"] is JsonObject metadata)
            {
                return metadata;
            }

            metadata = [];
            Json["metadata"] = metadata;
            return metadata;
        }
    }

    /// <summary>Name; empty when it is to be generated.</summary>
    public string Name { get => Text("name"); set => SetText("name", value); }

    /// <summary>Beginning of a name to be generated.</summary>
    public string GenerateName { get => Text("generateName"); set => SetText("generateName", value); }

    /// <summary>Namespace; empty for objects of the whole cluster.</summary>
    public string Namespace { get => Text("namespace"); set => SetText("namespace", value); }

    /// <summary>Unique over all time.</summary>
    public string Uid { get => Text("uid"); set => SetText("uid", value); }

    /// <summary>Version that it was read at; empty when the client does not care.</summary>
    public string ResourceVersion { get => Text("resourceVersion"); set => SetText("resourceVersion", value); }

    /// <summary>Counts changes of the desired state; 0 for kinds that do not count.</summary>
    public long Generation
    {
        get => Metadata["generation"] is { } value ? (long)value : 0;
        set => Set("generation", value == 0 ? null : JsonValue.Create(value));
    }

    /// <summary>When it was created (UTC).</summary>
    public DateTimeOffset? CreationTimestamp { get => Time("creationTimestamp"); set => SetTime("creationTimestamp", value); }

    /// <summary>When it may go at the earliest, once somebody asked for its deletion (UTC).</summary>
    public DateTimeOffset? DeletionTimestamp { get => Time("deletionTimestamp"); set => SetTime("deletionTimestamp", value); }

    /// <summary>Seconds between the request for its deletion and <see cref="DeletionTimestamp"/>.</summary>
    public long? DeletionGracePeriodSeconds
    {
        get => (long?)Metadata["deletionGracePeriodSeconds"];
        set => Set("deletionGracePeriodSeconds", value is null ? null : JsonValue.Create(value.Value));
    }

    /// <summary>Who must finish before it may go.</summary>
    public IReadOnlyList<string> Finalizers
    {
        get => Metadata["finalizers"] is JsonArray names ? [.. names.Select(n => (string)n!)] : [];
        set => Set("finalizers", value.Count == 0 ? null : new JsonArray([.. value.Select(n => JsonValue.Create(n))]));
    }

    /// <summary>Labels, or null.</summary>
    public JsonObject? Labels => Metadata["labels"] as JsonObject;

    /// <summary>Annotations, or null.</summary>
    public JsonObject? Annotations => Metadata["annotations"] as JsonObject;

    /// <summary>Owners, or null.</summary>
    public JsonArray? OwnerReferences => Metadata["ownerReferences"] as JsonArray;

    /// <summary>Namespace and name.</summary>
    public ObjectKey Key => new(Namespace, Name);

    /// <summary>Reads a stored object; the caller may change it.</summary>
    public static KubeObject Parse(StoredObject stored) => new(JsonNode.Parse(stored.Json)!.AsObject());

    /// <summary>Makes this object the same as another.</summary>
    public void Become(KubeObject other)
    {
        var copy = (JsonObject)other.Json.DeepClone();
        Json.Clear();
        foreach (var name in copy.Select(field => field.Key).ToList())
        {
            copy.Remove(name, out var value);
            Json[name] = value;
        }
    }

    /// <summary>A copy that can be changed apart.</summary>
    public KubeObject Clone() => new((JsonObject)Json.DeepClone());

    /// <summary>A time as the API writes it, in whole seconds.</summary>
    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Sets or, with null, removes a part of the metadata.</summary>
    public void Set(string name, JsonNode? value)
    {
        if (value is null)
        {
            Metadata.Remove(name);
        }
        else
        {
            Metadata[name] = value;
        }
    }

    private string Text(string name) =>
        Metadata[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? (string)value! : "";

    private void SetText(string name, string value) => Set(name, value.Length == 0 ? null : JsonValue.Create(value));

    private DateTimeOffset? Time(string name) =>
        DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private void SetTime(string name, DateTimeOffset? value) =>
        Set(name, value is null ? null : JsonValue.Create(FormatTime(value.Value)));
}
