using Compliance.Audit;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;
using CsCheck;

namespace Compliance.Tests.Audit.Searching;

public sealed class EntrySearchTests
{
    private const int Actors = 3;
    private const long End = 3 * Posting.SegmentLength;

    /// <summary>Entries as index, actor and namespace: crowded around the ends of segments, and scattered between.</summary>
    private static readonly Gen<(long Index, int Actor, int Namespace)[]> Logs = Gen.Select(
            Gen.OneOf(
                Gen.Long[0, End - 1],
                Gen.Select(Gen.Long[1, 2], Gen.Long[-40, 40], static (segment, offset) => (segment * Posting.SegmentLength) + offset)),
            Gen.Int[0, Actors - 1],
            Gen.Int[0, 2])
        .Array[0, 300]
        .Select(static entries => entries.DistinctBy(static e => e.Item1).OrderBy(static e => e.Item1).ToArray());

    [Fact]
    public Task It_finds_what_looking_at_every_entry_finds() => Gen.Select(Logs, Gen.Int[1, 40], Gen.Long[0, End], Gen.Long[0, End]).SampleAsync(
        async (log, batch, oldest, before) =>
        {
            var store = new SparseStore();
            foreach (var entries in log.Chunk(batch))
            {
                store.Add(entries);
            }

            var query = new AuditQuery { Actor = "1", Namespaces = ["0", "2"] };
            var found = await new EntrySearch(store).FindIndicesAsync(query, oldest, before, CancellationToken.None).ToListAsync();
            var wanted = log.Where(e => e.Actor == 1 && e.Namespace != 1 && e.Index >= oldest && e.Index < before).Select(static e => e.Index).Reverse();
            Assert.Equal(wanted, found);
        },
        iter: 200);

    [Fact]
    public void A_posting_gives_back_the_entries_that_were_put_in() => Gen.Long[0, Posting.SegmentLength - 1].Array[1, 50].Sample(
        indices =>
        {
            long[] sorted = [.. indices.Distinct().Order()];
            var builder = new PostingBuilder();
            foreach (var index in sorted)
            {
                builder.Add(index, [7]);
            }

            Assert.Equal(sorted, Assert.Single(builder.Build()).Entries());
        },
        iter: 500);

    private sealed class SparseStore : IAuditStore
    {
        private readonly List<Posting> _postings = [];

        public void Add(IEnumerable<(long Index, int Actor, int Namespace)> entries)
        {
            var builder = new PostingBuilder();
            foreach (var (index, actor, ns) in entries)
            {
                builder.Add(index, [Terms.Actor($"{actor}"), Terms.Namespace($"{ns}")]);
            }

            _postings.AddRange(builder.Build());
        }

        public Task<IReadOnlyList<Posting>> ReadPostingsAsync(long segment, long term, long before, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Posting>>(
            [.. _postings.Where(p => p.Segment == segment && p.Term == term && p.First < before).OrderByDescending(static p => p.First).Take(limit)]);

        public Task<StoredLog> OpenAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AppendAsync(LogBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<Guid, long>> FindAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SaveCheckpointAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StoredCheckpoint?> ReadCheckpointAsync(long size, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredEntry>> ReadAsync(long from, long end, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredEntry>> ReadAsync(IReadOnlyCollection<long> indices, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]?> ReadTileAsync(int level, long index, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
