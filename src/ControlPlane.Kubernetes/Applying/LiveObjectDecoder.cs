using System.Buffers;
using System.Text.Json;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>Decodes <see cref="LiveObject"/>s in one pass that copies all but <c>managedFields</c>.</summary>
/// <param name="fieldManager">The manager whose entries are ours.</param>
/// <param name="initialField">A field that belongs to somebody else after creation (see <see cref="InitialField"/>); null for none.</param>
public sealed class LiveObjectDecoder(string fieldManager, FieldPath? initialField = null) : IObjectDecoder<LiveObject>
{
    /// <inheritdoc/>
    public LiveObject Decode(ReadOnlySpan<byte> json)
    {
        var copy = new ArrayBufferWriter<byte>(json.Length);
        ObjectMeta? metadata = null;
        var ownership = default(FieldOwnership);
        var reader = new Utf8JsonReader(json);
        reader.ReadStartObject();
        copy.Write("{"u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            CopyName(ref reader, copy);
            if (isMetadata)
            {
                var start = copy.WrittenCount;
                ownership = CopyMetadata(json, ref reader, copy);
                metadata = JsonSerializer.Deserialize<ObjectMeta>(copy.WrittenSpan[start..], KubeJson.Options);
            }
            else
            {
                CopyValue(json, ref reader, copy);
            }
        }

        copy.Write("}"u8);
        return new LiveObject(metadata ?? throw new JsonException("an object without metadata"), copy.WrittenSpan, ownership);
    }

    private FieldOwnership CopyMetadata(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ArrayBufferWriter<byte> copy)
    {
        var ownership = default(FieldOwnership);
        reader.ReadStartObject();
        copy.Write("{"u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("managedFields"u8))
            {
                reader.Read();
                ownership = ReadOwnership(json, ref reader);
                continue;
            }

            CopyName(ref reader, copy);
            CopyValue(json, ref reader, copy);
        }

        copy.Write("}"u8);
        return ownership;
    }

    private FieldOwnership ReadOwnership(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var foreign = default(ArrayBufferWriter<byte>);
        var isApplied = false;
        var isUpdated = false;
        var holdsInitialField = false;
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            var (manager, operation, subresource) = ReadEntry(ref reader);
            var entry = json[start..(int)reader.BytesConsumed];
            if (subresource == "status")
            {
                continue;
            }

            if (manager == fieldManager)
            {
                isApplied |= operation == "Apply";
                isUpdated |= operation == "Update";
                holdsInitialField |= HoldsInitialField(entry);
                continue;
            }

            foreign ??= new ArrayBufferWriter<byte>(256);
            foreign.Write(foreign.WrittenCount == 0 ? "["u8 : ","u8);
            foreign.Write(entry);
        }

        foreign?.Write("]"u8);
        return new FieldOwnership(foreign?.WrittenSpan.ToArray(), isApplied || isUpdated, isUpdated, holdsInitialField);
    }

    private bool HoldsInitialField(ReadOnlySpan<byte> entry)
    {
        if (initialField is null)
        {
            return false;
        }

        var reader = new Utf8JsonReader(entry);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.TryGetProperty("fieldsV1", out var fields) && FieldsV1.Owns(fields, initialField);
    }

    private static (string? Manager, string? Operation, string? Subresource) ReadEntry(ref Utf8JsonReader reader)
    {
        string? manager = null, operation = null, subresource = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("manager"u8))
            {
                manager = reader.ReadString();
            }
            else if (reader.ValueTextEquals("operation"u8))
            {
                operation = reader.ReadString();
            }
            else if (reader.ValueTextEquals("subresource"u8))
            {
                subresource = reader.ReadString();
            }
            else
            {
                reader.SkipValue();
            }
        }

        return (manager, operation, subresource);
    }

    private static void CopyName(ref Utf8JsonReader reader, ArrayBufferWriter<byte> copy)
    {
        if (copy.WrittenSpan[^1] != (byte)'{')
        {
            copy.Write(","u8);
        }

        copy.Write("\""u8);
        copy.Write(reader.ValueSpan); // still escaped, if it was
        copy.Write("\":"u8);
    }

    private static void CopyValue(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ArrayBufferWriter<byte> copy)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        copy.Write(json[start..(int)reader.BytesConsumed]);
    }
}
