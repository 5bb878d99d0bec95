using LocalCluster.Storage;

namespace LocalCluster.Tests.Storage;

public sealed class ObjectStoreTests : IAsyncDisposable
{
    private readonly ObjectStore _store = new(new VolatileJournal());

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Every_change_raises_the_one_revision()
    {
        var first = await _store.PutAsync(Objects.New("a"));
        var second = await _store.PutAsync(Objects.New("b"), "secrets");

        Assert.True(second.ResourceVersion > first.ResourceVersion);
        Assert.Equal(second.ResourceVersion, _store.Current.Revision);
    }

    [Fact]
    public async Task A_change_that_was_computed_from_another_version_is_refused_with_what_is_stored()
    {
        var first = await _store.PutAsync(Objects.New("a", data: "1"));
        var second = await _store.PutAsync(Objects.New("a", data: "2"));

        var result = await _store.WriteAsync(new StoreWrite("configmaps", first.Key, first, Objects.New("a", data: "3")));

        Assert.False(result.Committed);
        Assert.Same(second, result.Object);
    }

    [Fact]
    public async Task An_object_that_must_not_exist_is_not_overwritten()
    {
        var obj = await _store.PutAsync(Objects.New("a"));

        var result = await _store.WriteAsync(new StoreWrite("configmaps", obj.Key, null, Objects.New("a")));

        Assert.False(result.Committed);
    }

    [Fact]
    public async Task A_snapshot_does_not_change()
    {
        await _store.PutAsync(Objects.New("a", data: "1"));
        var before = _store.Current;
        await _store.PutAsync(Objects.New("a", data: "2"));

        Assert.Contains("\"1\"", before.Find("configmaps", new("default", "a"))!.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_are_listed_by_namespace_and_name()
    {
        foreach (var (ns, name) in ((string, string)[])[("b", "x"), ("a", "z"), ("a", "y"), ("a-b", "w")])
        {
            await _store.PutAsync(Objects.New(name, ns));
        }

        var table = _store.Current.Table("configmaps");
        Assert.Equal(["a/y", "a/z", "a-b/w", "b/x"], table.Range().Select(o => o.Key.ToString()));
        Assert.Equal(["a/y", "a/z"], table.Range("a").Select(o => o.Key.ToString()));
        Assert.Equal(["a/z"], table.Range("a", after: new("a", "y")).Select(o => o.Key.ToString()));
        Assert.Equal(3, table.Range("", after: new("a", "y")).Count);
    }

    [Fact]
    public async Task An_earlier_state_can_be_seen_again()
    {
        await _store.PutAsync(Objects.New("changed", data: "1"));
        await _store.PutAsync(Objects.New("removed"));
        var revision = _store.Current.Revision;
        await _store.PutAsync(Objects.New("changed", data: "2"));
        await _store.RemoveAsync(Objects.New("removed"));
        await _store.PutAsync(Objects.New("added"));

        var table = _store.TableAt("configmaps", revision);

        Assert.Equal(["changed", "removed"], table.Range().Select(o => o.Key.Name));
        Assert.Contains("\"1\"", table.Range().First().Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_compacted_twice_ago_has_expired()
    {
        await _store.PutAsync(Objects.New("a"));
        var revision = _store.Current.Revision;
        await _store.CompactAsync();
        _store.TableAt("configmaps", revision);

        await _store.CompactAsync();

        Assert.Throws<RevisionExpiredException>(() => _store.TableAt("configmaps", revision));
    }

    [Fact]
    public async Task Concurrent_writers_each_get_their_own_revision()
    {
        var written = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => _store.PutAsync(Objects.New($"o{i}"))));

        Assert.Equal(500, written.Select(o => o.ResourceVersion).Distinct().Count());
        Assert.Equal(500, _store.Current.Table("configmaps").Count);
    }

    [Fact]
    public async Task A_journal_that_fails_fails_the_write_and_changes_nothing()
    {
        await using var store = new ObjectStore(new FullDisk());

        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(Objects.New("a")));

        Assert.Equal(0, store.Current.Table("configmaps").Count);
    }

    [Fact]
    public async Task Observers_are_told_of_every_change_in_order()
    {
        var seen = new Recorder();
        _store.Subscribe(seen);
        await _store.PutAsync(Objects.New("a"));
        await _store.PutAsync(Objects.New("a", data: "2"));
        await _store.RemoveAsync(Objects.New("a"));

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted], seen.Changes.Select(c => c.Type));
        Assert.Equal(seen.Changes.Select(c => c.Revision).Order(), seen.Changes.Select(c => c.Revision));
    }

    private sealed class Recorder : IStoreObserver
    {
        public List<WatchEvent> Changes { get; } = [];

        public void OnCommitted(string resource, WatchEvent change) => Changes.Add(change);
    }

    private sealed class FullDisk : IJournal
    {
        public JournalContent Load() => new(0, []);

        public void Commit(IReadOnlyList<(string Resource, WatchEvent Change)> changes, long revision) => throw new IOException("disk full");

        public void Dispose()
        {
        }
    }
}
