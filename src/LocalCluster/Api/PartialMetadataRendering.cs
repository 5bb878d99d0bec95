using System.Buffers;
using System.Text;
using System.Text.Json;
using LocalCluster.Storage;

namespace LocalCluster.Api;

/// <summary>Only the metadata of objects, as <c>PartialObjectMetadata</c>.</summary>
/// <param name="version">Version of <c>meta.k8s.io</c>.</param>
internal sealed class PartialMetadataRendering(string version) : ObjectRendering
{
    private readonly byte[] _head = Encoding.UTF8.GetBytes($"{{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/{version}\",\"metadata\":");

    /// <inheritdoc/>
    public override byte[] One(StoredObject obj) => [.. _head, .. Metadata(obj.Json), (byte)'}'];

    /// <inheritdoc/>
    public override void List(IBufferWriter<byte> output, ListPage page) =>
        List(output, page, $"meta.k8s.io/{version}", "PartialObjectMetadataList");

    private static ReadOnlySpan<byte> Metadata(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return json[start..(int)reader.BytesConsumed];
            }
        }

        return "{}"u8;
    }
}
