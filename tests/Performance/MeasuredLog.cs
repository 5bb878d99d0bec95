using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Compliance.Audit;
using Compliance.Audit.Tree;

namespace Performance;

/// <summary>A log whose entries lie in a file, and its tiles in memory (32 bytes an entry).</summary>
internal sealed class MeasuredLog : IAuditReader, IDisposable
{
    private readonly FileStream _entries;
    private readonly TreeEdge _edge = new();
    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];

    private MeasuredLog(string path) => _entries = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 1 << 20 });

    public long Size => _edge.Size;

    public TreeHash Root => _edge.Root();

    public static async Task<MeasuredLog> GrowAsync(string path, int count, CancellationToken cancellationToken)
    {
        var log = new MeasuredLog(path);
        var start = new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);
        List<CompleteTile> completed = [];
        for (var i = 0; i < count; i++)
        {
            var entry = Encoding.UTF8.GetBytes(Entry(i, start.AddMilliseconds(20L * i)));
            await log._entries.WriteAsync(entry, cancellationToken);
            log._entries.WriteByte((byte)'\n');
            log._edge.Append(TreeHash.OfLeaf(entry), completed);
            completed.ForEach(tile => log._tiles.Add((tile.Level, tile.Index), tile.Hashes));
            completed.Clear();
        }

        await log._entries.FlushAsync(cancellationToken);
        return log;
    }

    public Task<string?> LatestCheckpointAsync(CancellationToken cancellationToken) => throw new NotSupportedException("the run pins its checkpoint");

    public async IAsyncEnumerable<AuditEntry> ReadAsync(long from, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _entries.Position = 0; // always all: that is what is measured
        using var lines = new StreamReader(_entries, leaveOpen: true);
        for (var i = from; i < end && await lines.ReadLineAsync(cancellationToken) is { } line; i++)
        {
            yield return new AuditEntry(i, Encoding.UTF8.GetBytes(line));
        }
    }

    public Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, long? before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> CountAsync(AuditQuery query, int bound, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ReadOnlyMemory<byte>> ReadTileAsync(int level, long index, int width, CancellationToken cancellationToken) => Task.FromResult<ReadOnlyMemory<byte>>(
        _tiles.TryGetValue((level, index), out var tile) ? tile.AsMemory(0, width * TreeHash.Size) : _edge.PartialTile(level, width));

    public void Dispose() => _entries.Dispose();

    private static string Entry(int i, DateTimeOffset at)
    {
        var time = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"action":"manifests.apply","actor":{"id":"u-{{i % 997}}","kind":"person","via":"console"},"after":{"replicas":{{i % 10}},"version":"1.{{i % 100}}.0"},"correlationId":"c-{{i}}","eventId":"01936d00-0000-7000-8000-{{i:x12}}","frameworks":["RBI"],"istOffset":"+05:30","log":"measured/log","object":{"kind":"ManagedService","name":"svc-{{i % 6000}}","namespace":"payments"},"occurredAt":"{{time}}","outcome":"succeeded","reason":"CHG-{{i % 5000}} scheduled change","recordedAt":"{{time}}","retentionClass":"governance","schema":1,"source":"console","sourceSequence":{{i + 1}}}""");
    }
}
