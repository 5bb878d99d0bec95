using CsCheck;
using LocalCluster.Storage;

namespace LocalCluster.Tests.Storage;

public sealed class WatchTests
{
    [Fact]
    public async Task A_cursor_reads_what_happened_after_its_revision()
    {
        await using var store = new ObjectStore(new VolatileJournal());
        var first = await store.PutAsync(Objects.New("a"));
        await store.PutAsync(Objects.New("b"));
        await store.RemoveAsync(Objects.New("a"));

        var changes = store.Watch("configmaps", first.ResourceVersion).Read();

        Assert.Equal([(WatchEventType.Added, "b"), (WatchEventType.Deleted, "a")], changes.Select(c => (c.Type, c.Object.Key.Name)));
        Assert.Equal(store.Current.Revision, changes[^1].Object.ResourceVersion);
    }

    [Fact]
    public async Task A_cursor_that_asks_before_it_looks_misses_nothing()
    {
        await using var store = new ObjectStore(new VolatileJournal());
        var cursor = store.Watch("configmaps", store.Current.Revision);
        var changed = cursor.Changed;
        Assert.Empty(cursor.Read());
        await store.PutAsync(Objects.New("a"));

        await changed.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Single(cursor.Read());
    }

    [Fact]
    public async Task Reading_brings_a_cursor_to_the_current_revision_even_when_others_changed()
    {
        await using var store = new ObjectStore(new VolatileJournal());
        var cursor = store.Watch("configmaps", store.Current.Revision);
        await store.PutAsync(Objects.New("a"), "secrets");

        Assert.Empty(cursor.Read());
        Assert.Equal(store.Current.Revision, cursor.Revision);
    }

    [Fact]
    public void A_reader_that_the_history_has_passed_is_told_so()
    {
        var history = new WatchHistory(capacity: 4, startRevision: 0);
        for (var revision = 1; revision <= 5; revision++)
        {
            history.Append(Change(revision));
        }

        Assert.Equal([2, 3, 4, 5], history.ReadAfter(1, end: 5).Select(c => c.Revision));
        Assert.Throws<RevisionExpiredException>(() => history.ReadAfter(0, end: 5));
    }

    [Fact]
    public void What_is_not_yet_visible_is_not_read()
    {
        var history = new WatchHistory(capacity: 4, startRevision: 0);
        history.Append(Change(1));
        history.Append(Change(2));

        Assert.Equal([1], history.ReadAfter(0, end: 1).Select(c => c.Revision));
    }

    [Fact]
    public void Compaction_forgets_up_to_a_revision()
    {
        var history = new WatchHistory(capacity: 8, startRevision: 0);
        foreach (var revision in (long[])[1, 3, 5])
        {
            history.Append(Change(revision));
        }

        history.Compact(3);

        Assert.Equal([5], history.ReadAfter(3, end: 3).Select(c => c.Revision));
        Assert.Throws<RevisionExpiredException>(() => history.ReadAfter(2, end: 3));
    }

    [Fact]
    public void Whatever_the_history_still_has_is_read_exactly() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 12], Gen.Int[0, 40]).Sample((count, capacity, after) =>
        {
            var history = new WatchHistory(capacity, startRevision: 0);
            for (var revision = 1; revision <= count; revision++)
            {
                history.Append(Change(revision));
            }

            var floor = Math.Max(0, count - capacity);
            if (after < floor)
            {
                Assert.Throws<RevisionExpiredException>(() => history.ReadAfter(after, count));
                return;
            }

            var expected = Enumerable.Range(1, count).Where(r => r > after).Select(r => (long)r);
            Assert.Equal(expected, history.ReadAfter(after, count).Select(c => c.Revision));
        });

    [Fact]
    public Task Replaying_all_changes_leads_to_the_current_state() =>
        Gen.Select(Gen.Int[0, 4], Gen.Bool).Array[1, 60].SampleAsync(async steps =>
        {
            await using var store = new ObjectStore(new VolatileJournal());
            var replayed = new Dictionary<string, long>();
            var cursor = store.Watch("configmaps", store.Current.Revision);
            foreach (var (index, remove) in steps)
            {
                var obj = Objects.New($"o{index}");
                if (!remove)
                {
                    await store.PutAsync(obj);
                }
                else if (store.Current.Find("configmaps", obj.Key) is not null)
                {
                    await store.RemoveAsync(obj);
                }
            }

            foreach (var change in cursor.Read())
            {
                replayed.Remove(change.Object.Key.Name);
                if (change.Type != WatchEventType.Deleted)
                {
                    replayed[change.Object.Key.Name] = change.Revision;
                }
            }

            Assert.Equal(
                store.Current.Table("configmaps").Range().ToDictionary(o => o.Key.Name, o => o.ResourceVersion), replayed);
        }, iter: 30);

    private static WatchEvent Change(long revision) => new(WatchEventType.Added, Objects.New("a").WithResourceVersion(revision), null);
}
