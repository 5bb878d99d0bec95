using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Hosting.ClearText;

/// <summary>The first bytes of a client that speaks HTTP/2 without TLS, and without having asked for it (RFC 9113, 3.3 and 3.4).</summary>
internal static class Http2Preface
{
    private static ReadOnlySpan<byte> Bytes => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Looks at the first bytes, as few as are needed, and leaves them for whoever reads next.</summary>
    public static async ValueTask<bool> IsNextAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var there = read.Buffer;
            var isPossible = IsBeginning(there);
            if (!isPossible || there.Length >= Bytes.Length || read.IsCompleted)
            {
                input.AdvanceTo(there.Start); // nothing counts as seen: the next read has them at once
                return isPossible && there.Length >= Bytes.Length;
            }

            input.AdvanceTo(there.Start, there.End);
        }
    }

    private static bool IsBeginning(ReadOnlySequence<byte> there)
    {
        Span<byte> begin = stackalloc byte[24];
        var length = (int)Math.Min(there.Length, Bytes.Length);
        there.Slice(0, length).CopyTo(begin);
        return begin[..length].SequenceEqual(Bytes[..length]);
    }
}
