using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>A line of a text.</summary>
/// <param name="Number">Number, from 1.</param>
/// <param name="Bytes">Its bytes without the line's end; null when it is longer than a line may be.</param>
internal readonly record struct NdjsonLine(int Number, byte[]? Bytes);

/// <summary>Reads a body line by line, with bounds, as it comes: it is never in memory as a whole.</summary>
/// <param name="LongestLine">Bytes of a line.</param>
/// <param name="MostLines">Lines of a body.</param>
/// <param name="MostBytes">Bytes of a body.</param>
internal sealed record NdjsonLines(int LongestLine, int MostLines, int MostBytes)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The lines that are not blank.</summary>
    /// <exception cref="RequestException">The body is longer than it may be (413).</exception>
    public async IAsyncEnumerable<NdjsonLine> ReadAsync(PipeReader body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (number, bytes, tooLong) = (0, 0L, false);
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (TryTake(ref buffer, read.IsCompleted, out var line))
            {
                number++;
                bytes += line.Length + 1;
                CheckLength(number, bytes);
                if (tooLong || line.Length > LongestLine)
                {
                    yield return new(number, Bytes: null);
                }
                else if (Content(line, number) is { Length: > 0 } content)
                {
                    yield return new(number, content);
                }

                tooLong = false;
            }

            if (buffer.Length > LongestLine)
            {
                bytes += buffer.Length;
                CheckLength(number, bytes);
                (tooLong, buffer) = (true, buffer.Slice(buffer.End)); // the rest of a line of which nobody wants to know more
            }

            body.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                if (tooLong)
                {
                    yield return new(number + 1, Bytes: null); // the last line, without an end
                }

                yield break;
            }
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty)
        {
            return false;
        }

        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static byte[] Content(ReadOnlySequence<byte> line, int number)
    {
        var bytes = line.ToArray();
        var start = number == 1 && bytes.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        return bytes.AsSpan(start).Trim(" \t\r"u8).ToArray();
    }

    private void CheckLength(int lines, long bytes)
    {
        if (lines > MostLines || bytes > MostBytes + 1)
        {
            throw new RequestException(
                HttpStatusCode.RequestEntityTooLarge, "body", $"a request has at most {MostLines} lines and {MostBytes} bytes: send the events in parts; nothing of it was taken");
        }
    }
}
