using System.Buffers;

namespace Compliance.Audit.Packages;

/// <summary>Reads lines of bytes, none longer than a bound: a file made to break the reader does not.</summary>
internal sealed class BoundedLines(Stream stream, int longest) : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1 << 16, (longest + 1) * 2));
    private int _start;
    private int _end;

    /// <summary>Lines so far.</summary>
    public long Read { get; private set; }

    /// <summary>The next line without its newline, good until the next call; null after the last.</summary>
    /// <exception cref="FormatException">A line is too long, or the file ends within one.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        for (var searched = 0; ;)
        {
            var at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + at);
                _start += searched + at + 1;
                Read++;
                return line.Length <= longest ? line : throw new FormatException($"line {Read} is longer than {longest} bytes");
            }

            searched = _end - _start;
            if (searched > longest)
            {
                throw new FormatException($"line {Read + 1} is longer than {longest} bytes");
            }

            if (!await FillAsync(cancellationToken))
            {
                return searched == 0 ? null : throw new FormatException($"the file ends within line {Read + 1}");
            }
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }
}
