using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LocalCluster.Workloads;

/// <summary>
/// The pods that a controller makes. Kept as the JSON that was declared, so that no field is lost on its way from a Deployment through its
/// ReplicaSets to the pods.
/// </summary>
[JsonConverter(typeof(Converter))]
internal sealed class PodTemplate
{
    /// <summary>Label by which the pods and ReplicaSets of one template of a Deployment are told apart from those of another.</summary>
    public const string HashLabel = "pod-template-hash";

    private readonly JsonElement _json;
    private readonly Lazy<byte[]> _digest;

    /// <param name="json">The template.</param>
    public PodTemplate(JsonElement json)
    {
        _json = json;
        _digest = new Lazy<byte[]>(() => Digest(_json));
        Labels = Strings("labels");
        Annotations = Strings("annotations");
    }

    /// <summary>Labels of the pods.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>Annotations of the pods.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; }

    /// <summary>A template that makes no difference to any other.</summary>
    public static PodTemplate Empty { get; } = new(JsonElement.Parse("{}"u8));

    /// <summary>True when both make the same pods but for <see cref="HashLabel"/>, which a controller adds.</summary>
    public bool IsSameAs(PodTemplate other) => _digest.Value.AsSpan().SequenceEqual(other._digest.Value);

    /// <summary>A short text that names the template, of letters and digits that form no words.</summary>
    /// <param name="collisions">How often the name was found to be taken by another template.</param>
    public string Hash(int collisions)
    {
        const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
        var digest = SHA256.HashData([.. _digest.Value, .. BitConverter.GetBytes(collisions)]);
        return string.Create(10, digest, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }

    /// <summary>The template as JSON that the caller may change.</summary>
    public JsonObject ToJson() => JsonObject.Create(_json)!.DeepClone().AsObject();

    /// <summary>The template with one more label.</summary>
    public PodTemplate WithLabel(string key, string value)
    {
        var json = ToJson();
        var metadata = json["metadata"] as JsonObject ?? [];
        json["metadata"] = metadata;
        var labels = metadata["labels"] as JsonObject ?? [];
        metadata["labels"] = labels;
        labels[key] = value;
        return new PodTemplate(JsonSerializer.SerializeToElement(json));
    }

    private Dictionary<string, string> Strings(string property) =>
        _json.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty(property, out var strings) && strings.ValueKind == JsonValueKind.Object
            ? strings.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "")
            : [];

    /// <summary>Names the content whatever the order of fields, without the label that a controller adds.</summary>
    private static byte[] Digest(JsonElement json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteSorted(writer, json, isLabels: false);
        }

        return SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonElement json, bool isLabels)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in json.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    if (property.Value.ValueKind != JsonValueKind.Null && !(isLabels && property.Name == HashLabel))
                    {
                        writer.WritePropertyName(property.Name);
                        WriteSorted(writer, property.Value, isLabels: property.Name == "labels");
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                {
                    WriteSorted(writer, item, isLabels: false);
                }

                writer.WriteEndArray();
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    private sealed class Converter : JsonConverter<PodTemplate>
    {
        public override PodTemplate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, PodTemplate value, JsonSerializerOptions options) => value._json.WriteTo(writer);
    }
}
