using System.Buffers;
using System.IO.Compression;

namespace ControlPlane.Kubernetes.Applying;

/// <summary>
/// The JSON of an object in a cache, packed (Brotli, RFC 7932). What objects of a fleet say is for the most part the words of their schemas, so
/// that this is a third of it; and it is looked at again only when the object or its service changes.
/// </summary>
internal readonly struct PackedJson
{
    /// <summary>Beyond it, packing takes several times longer for a few percent. Below 2, the largest possible size is not known beforehand.</summary>
    private const int Quality = 3;

    /// <summary>Bits of the window: 64 KiB, longer than nearly all objects.</summary>
    private const int Window = 16;

    private readonly byte[] _packed;
    private readonly int _length;

    private PackedJson(byte[] packed, int length) => (_packed, _length) = (packed, length);

    /// <summary>Packs.</summary>
    public static PackedJson Of(ReadOnlySpan<byte> json)
    {
        var room = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(json.Length));
        try
        {
            return BrotliEncoder.TryCompress(json, room, out var size, Quality, Window)
                ? new(room.AsSpan(0, size).ToArray(), json.Length)
                : throw new InvalidOperationException($"{json.Length} bytes did not go into {room.Length}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>The JSON as it was.</summary>
    public byte[] Unpack()
    {
        var json = new byte[_length];
        return BrotliDecoder.TryDecompress(_packed, json, out var size) && size == _length
            ? json
            : throw new InvalidOperationException("what was packed can't be unpacked");
    }
}
