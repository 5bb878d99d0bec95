using Compliance.Audit;
using Compliance.Audit.Searching;
using Compliance.Audit.Sequencing;
using CsCheck;

namespace Compliance.Tests.Audit.Searching;

public sealed class EntrySearchTests
{
    private const int Actors = 3;
    private const long End = 3L * Posting.SegmentLength;

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
    public Task It_finds_what_looking_at_every_entry_finds() => Gen.Select(Logs, Gen.Long[0, End], Gen.Long[0, End]).SampleAsync(
        async (log, oldest, before) =>
        {
            var (store, fresh) = (new SparseStore(), new FreshIndex());
            foreach (var entry in log)
            {
                store.Add(fresh, entry);
            }

            var query = new AuditQuery { Actor = "1", Namespaces = ["0", "2"] };
            var found = await new EntrySearch(store, fresh).FindIndicesAsync(query, oldest, before, CancellationToken.None).ToListAsync();
            var wanted = log.Where(e => e.Actor == 1 && e.Namespace != 1 && e.Index >= oldest && e.Index < before).Select(static e => e.Index).Reverse();
            Assert.Equal(wanted, found);
        },
        iter: 200);

    [Fact]
    public void A_posting_gives_back_the_entries_that_were_put_in() => Gen.Int[0, Posting.SegmentLength - 1].Array[0, 50].Sample(
        offsets =>
        {
            int[] sorted = [.. offsets.Distinct().Order()];
            Assert.Equal(sorted.Select(static offset => (5L * Posting.SegmentLength) + offset), Posting.Of(5, 7, sorted).Entries());
        },
        iter: 500);

    [Fact]
    public void What_a_batch_finishes_is_what_was_there_and_what_it_adds()
    {
        var fresh = new FreshIndex();
        fresh.Add(Posting.SegmentLength - 2, [1, 2]);

        Assert.Empty(fresh.FinishedWith(Posting.SegmentLength - 2, [[1]]));
        var finished = fresh.FinishedWith(Posting.SegmentLength - 1, [[1], [2], [1]]);

        Assert.Equal([(1L, 2), (2L, 1)], finished.Select(static p => (p.Term, p.Entries().Count())));
        Assert.Equal(Posting.SegmentLength - 2L, Assert.Single(fresh.Find(0, 1)!));
    }

    private sealed class SparseStore : IAuditStore
    {
        private readonly Dictionary<(long Segment, long Term), List<int>> _offsets = [];

        /// <summary>Adds an entry to the store; the last segment is in memory alone for readers, as in a log.</summary>
        public void Add(FreshIndex fresh, (long Index, int Actor, int Namespace) entry)
        {
            long[] terms = [Terms.Actor($"{entry.Actor}"), Terms.Namespace($"{entry.Namespace}")];
            fresh.Add(entry.Index, terms);
            foreach (var term in terms)
            {
                var key = (Posting.SegmentOf(entry.Index), term);
                _offsets.TryAdd(key, []);
                _offsets[key].Add((int)(entry.Index % Posting.SegmentLength));
            }
        }

        public Task<Posting?> ReadPostingAsync(long segment, long term, CancellationToken cancellationToken) =>
            Task.FromResult(_offsets.TryGetValue((segment, term), out var offsets) ? Posting.Of(segment, term, offsets) : null);

        public Task<StoredLog> OpenAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AppendAsync(LogBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> InspectAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<Guid, long>> FindAsync(IReadOnlyCollection<Guid> events, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IAsyncDisposable> TakeTurnAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LogHead> ReadHeadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WaitForOthersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StoredCheckpoint> SaveCheckpointAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<StoredCheckpoint?> ReadCheckpointAsync(long size, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredEntry>> ReadAsync(long from, long end, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredEntry>> ReadAsync(IReadOnlyCollection<long> indices, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]?> ReadTileAsync(int level, long index, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PruneAsync(long end, long certificate, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
