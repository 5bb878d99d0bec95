using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>The CSV table is, byte for byte, what follows from the entries.</summary>
internal sealed class CsvCheck : IAsyncDisposable
{
    private const string Check = "CSV";
    private readonly Stream? _csv;
    private byte[] _buffer = new byte[1 << 16];
    private bool _hasHeader;

    private CsvCheck(Stream? csv) => _csv = csv;

    public static CsvCheck Open(PackageFiles files) => new(files.TryOpen(PackageLayout.Csv));

    public async Task ExpectAsync(long index, byte[] row, CancellationToken cancellationToken)
    {
        if (_csv is null)
        {
            return;
        }

        await HeaderAsync(cancellationToken);
        if (!await IsNextAsync(row, cancellationToken))
        {
            throw new PackageRowException(index, $"{PackageLayout.Csv} says something else than the entry");
        }
    }

    public async Task FinishAsync(Findings findings, CancellationToken cancellationToken)
    {
        if (_csv is null)
        {
            findings.Note(Check, "there is none");
            return;
        }

        await HeaderAsync(cancellationToken);
        if (await _csv.ReadAsync(_buffer, cancellationToken) > 0)
        {
            findings.Fail(Check, $"{PackageLayout.Csv} has more rows than there are entries");
        }
        else
        {
            findings.Pass(Check, "it says what the entries say");
        }
    }

    public ValueTask DisposeAsync() => _csv?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task HeaderAsync(CancellationToken cancellationToken)
    {
        if (!_hasHeader && !await IsNextAsync(CsvTable.Header, cancellationToken))
        {
            throw new FormatException($"{PackageLayout.Csv} has other columns");
        }

        _hasHeader = true;
    }

    private async Task<bool> IsNextAsync(byte[] expected, CancellationToken cancellationToken)
    {
        if (_buffer.Length < expected.Length)
        {
            _buffer = new byte[expected.Length];
        }

        var read = await _csv!.ReadAtLeastAsync(_buffer.AsMemory(0, expected.Length), expected.Length, throwOnEndOfStream: false, cancellationToken);
        return read == expected.Length && _buffer.AsSpan(0, read).SequenceEqual(expected);
    }
}
