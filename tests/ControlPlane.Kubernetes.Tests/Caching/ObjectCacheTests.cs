using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Caching;

public sealed class ObjectCacheTests
{
    private static readonly HashSet<ObjectKey> KeepNone = [];

    private readonly ObjectCache<Widget> _cache = new();

    [Fact]
    public void A_change_is_told_with_the_state_before_and_after()
    {
        _cache.Upsert(Widget.Of("a", 1));
        var log = new ChangeLog<Widget>(_cache);
        _ = log.Rest();

        _cache.Upsert(Widget.Of("a", 2));

        Assert.Equal([new(Widget.Of("a", 1), Widget.Of("a", 2), Initial: false)], log.Rest());
    }

    [Fact]
    public void An_observer_hears_of_what_is_there_as_initial_and_of_what_comes_as_news()
    {
        _cache.Upsert(Widget.Of("a", 1));

        var log = new ChangeLog<Widget>(_cache);
        _cache.Upsert(Widget.Of("b", 2));

        Assert.Equal([new(null, Widget.Of("a", 1), Initial: true), new(null, Widget.Of("b", 2), Initial: false)], log.Rest());
    }

    [Fact]
    public void An_observer_sees_the_change_in_the_cache_when_it_hears_of_it()
    {
        var seen = new List<int>();
        using var subscription = _cache.Subscribe(change => seen.Add(_cache.Count));

        _cache.Upsert(Widget.Of("a", 1));
        _cache.Remove(Widget.Key("a"), last: null);

        Assert.Equal([1, 0], seen);
    }

    [Fact]
    public void Once_disposed_a_subscription_hears_nothing_even_when_it_disposes_itself()
    {
        var heard = 0;
        IDisposable? subscription = null;
        subscription = _cache.Subscribe(_ =>
        {
            heard++;
            subscription!.Dispose();
        });
        var log = new ChangeLog<Widget>(_cache);

        _cache.Upsert(Widget.Of("a", 1));
        _cache.Upsert(Widget.Of("b", 2));

        Assert.Equal(1, heard);
        Assert.Equal(2, log.Rest().Count);
    }

    [Fact]
    public void A_deleted_object_is_told_with_its_last_state()
    {
        _cache.Upsert(Widget.Of("a", 1));
        var log = new ChangeLog<Widget>(_cache);
        _ = log.Rest();

        _cache.Remove(Widget.Key("a"), Widget.Of("a", 5));

        Assert.Equal([new(Widget.Of("a", 5), null, Initial: false)], log.Rest());
    }

    [Fact]
    public void What_was_never_there_is_not_told_as_deleted()
    {
        var log = new ChangeLog<Widget>(_cache);

        _cache.Remove(Widget.Key("a"), Widget.Of("a", 5));

        Assert.Empty(log.Rest());
    }

    [Fact]
    public void A_relist_tells_only_what_changed_and_deletes_what_is_missing()
    {
        _cache.ReplaceAll([Widget.Of("same", 1), Widget.Of("changed", 2), Widget.Of("gone", 3)], KeepNone, initial: true);
        var log = new ChangeLog<Widget>(_cache);
        _ = log.Rest();

        _cache.ReplaceAll([Widget.Of("same", 1), Widget.Of("changed", 4), Widget.Of("new", 5)], KeepNone, initial: false);

        Assert.Equal(
            [
                new(Widget.Of("changed", 2), Widget.Of("changed", 4), Initial: false),
                new(null, Widget.Of("new", 5), Initial: false),
                new(Widget.Of("gone", 3), null, Initial: false),
            ],
            log.Rest());
        Assert.Equal(["changed", "new", "same"], _cache.Snapshot().Select(item => item.Metadata.Name).Order());
    }

    [Fact]
    public void A_relist_keeps_the_last_state_of_what_could_not_be_decoded()
    {
        _cache.Upsert(Widget.Of("odd", 1));

        _cache.ReplaceAll([], new HashSet<ObjectKey> { Widget.Key("odd") }, initial: false);

        Assert.Equal(Widget.Of("odd", 1), _cache.Find(Widget.Key("odd")));
    }

    [Fact]
    public void An_object_that_was_made_anew_while_nobody_looked_is_told_as_two()
    {
        _cache.Upsert(Widget.Of("a", 1, uid: "first"));
        var log = new ChangeLog<Widget>(_cache);
        _ = log.Rest();

        _cache.ReplaceAll([Widget.Of("a", 9, uid: "second")], KeepNone, initial: false);

        Assert.Equal(
            [new(Widget.Of("a", 1, uid: "first"), null, Initial: false), new(null, Widget.Of("a", 9, uid: "second"), Initial: false)],
            log.Rest());
    }

    [Fact]
    public void An_index_finds_objects_by_their_present_values_only()
    {
        _cache.Upsert(Widget.Of("old", 1, size: 7));
        var bySize = _cache.AddIndex(static item => [$"{item.Spec.Size}"]);

        _cache.Upsert(Widget.Of("a", 2, size: 7));
        _cache.Upsert(Widget.Of("b", 3, size: 8));
        _cache.Upsert(Widget.Of("a", 4, size: 8));
        _cache.Remove(Widget.Key("b"), last: null);

        Assert.Equal(["old"], bySize.Get("7").Select(item => item.Metadata.Name));
        Assert.Equal(["a"], bySize.Get("8").Select(item => item.Metadata.Name));
        Assert.Equal(1, bySize.Count("8"));
        Assert.Equal(["7", "8"], bySize.Values().Order());
        Assert.Empty(bySize.Get("9"));
    }

    [Fact]
    public void A_value_that_no_object_has_any_more_leaves_the_index()
    {
        var bySize = _cache.AddIndex(static item => [$"{item.Spec.Size}"]);
        _cache.Upsert(Widget.Of("a", 1, size: 7));

        _cache.ReplaceAll([], KeepNone, initial: false);

        Assert.Empty(bySize.Values());
        Assert.Equal(0, bySize.Count("7"));
    }
}
