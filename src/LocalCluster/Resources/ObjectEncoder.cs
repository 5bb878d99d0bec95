using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Storage;

namespace LocalCluster.Resources;

/// <summary>
/// Writes objects the way they are stored: type and metadata first, and of the metadata what the store reads before what is long, so
/// that headers and selectors are read without looking at the rest.
/// </summary>
internal static class ObjectEncoder
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly string[] MetadataOrder =
    [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    ];

    /// <summary>The object in the form that the store takes; its resource version is 0 until the store has committed it.</summary>
    public static StoredObject Encode(KubeObject obj)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion"u8, obj.ApiVersion);
            writer.WriteString("kind"u8, obj.Kind);
            writer.WritePropertyName("metadata"u8);
            WriteMetadata(writer, obj.Metadata);
            foreach (var (name, value) in obj.Json)
            {
                if (name is not ("apiVersion" or "kind" or "metadata"))
                {
                    Write(writer, name, value);
                }
            }

            writer.WriteEndObject();
        }

        return StoredObject.Read(buffer.WrittenSpan.ToArray());
    }

    private static void WriteMetadata(Utf8JsonWriter writer, JsonObject metadata)
    {
        writer.WriteStartObject();
        foreach (var name in MetadataOrder)
        {
            if (name == "resourceVersion")
            {
                writer.WriteString("resourceVersion"u8, "0"u8);
            }
            else if (metadata.TryGetPropertyValue(name, out var value))
            {
                Write(writer, name, value);
            }
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
