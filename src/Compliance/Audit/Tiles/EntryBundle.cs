using System.Buffers.Binary;

namespace Compliance.Audit.Tiles;

/// <summary>Up to 256 entries, each after its length in two bytes (C2SP tlog-tiles, "Log entries").</summary>
public static class EntryBundle
{
    /// <summary>Puts entries into a bundle.</summary>
    /// <exception cref="ArgumentException">There are too many, or one is longer than 65,535 bytes.</exception>
    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count > TilePath.FullWidth || entries.Any(static entry => entry.Length > ushort.MaxValue))
        {
            throw new ArgumentException($"a bundle has at most {TilePath.FullWidth} entries of at most {ushort.MaxValue} bytes", nameof(entries));
        }

        var bundle = new byte[entries.Sum(static entry => sizeof(ushort) + entry.Length)];
        var at = 0;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bundle.AsSpan(at), (ushort)entry.Length);
            entry.Span.CopyTo(bundle.AsSpan(at + sizeof(ushort)));
            at += sizeof(ushort) + entry.Length;
        }

        return bundle;
    }

    /// <summary>Takes a bundle apart.</summary>
    /// <exception cref="FormatException">It ends within an entry, or has more than 256.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> bundle)
    {
        List<ReadOnlyMemory<byte>> entries = [];
        while (!bundle.IsEmpty)
        {
            var end = bundle.Length < sizeof(ushort) ? int.MaxValue : sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            if (end > bundle.Length || entries.Count == TilePath.FullWidth)
            {
                throw new FormatException("a bundle ends within an entry, or has too many of them");
            }

            entries.Add(bundle[sizeof(ushort)..end]);
            bundle = bundle[end..];
        }

        return entries;
    }
}
