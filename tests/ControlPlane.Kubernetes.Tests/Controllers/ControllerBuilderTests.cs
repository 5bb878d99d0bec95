using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Queues;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Controllers;

/// <summary>Which change asks for the reconcile of which object. The controller does not run: the test takes the keys itself.</summary>
public sealed class ControllerBuilderTests
{
    private static readonly ResourceType Owner = new("owners.dev", "v1", "owners", "Owner");

    private readonly TestClock _clock = new();
    private readonly RuntimeMetrics _metrics = TestMetrics.Create();
    private readonly Informer<Widget> _widgets;

    public ControllerBuilderTests() => _widgets = new(
        new ModelApiServer().Connect(_clock), Widget.Type, CacheScope.All, Widget.Decoder, _metrics, _clock, NullLogger<Informer<Widget>>.Instance);

    [Fact]
    public async Task Every_change_of_the_kind_asks_for_its_object_and_says_why()
    {
        var controller = Build(builder => builder.For(_widgets));
        _widgets.Cache.Upsert(Widget.Of("a", 1));
        Assert.Equal([Live("a", "Widget ns/a created")], await AskedAsync(controller));
        _widgets.Cache.Upsert(Widget.Of("a", 2));
        Assert.Equal([Live("a", "Widget ns/a changed")], await AskedAsync(controller));
        _widgets.Cache.Remove(Widget.Key("a"), last: null);

        Assert.Equal([Live("a", "Widget ns/a deleted")], await AskedAsync(controller));
    }

    [Fact]
    public async Task What_is_there_at_the_start_waits_behind_news()
    {
        _widgets.Cache.Upsert(Widget.Of("a", 1));
        var controller = Build(builder => builder.For(_widgets));

        Assert.Equal([new(Widget.Key("a"), WorkPriority.Background, "start")], await AskedAsync(controller));
    }

    [Fact]
    public async Task Changes_that_do_not_matter_ask_for_nothing()
    {
        var controller = Build(builder => builder.For(_widgets, change => change.Latest.Spec.Size > 1).Owns(_widgets, Owner, _ => false));
        _widgets.Cache.Upsert(Owned("a", 1, "Owner", "o"));
        _widgets.Cache.Upsert(Widget.Of("b", 2, size: 2));

        Assert.Equal([Live("b", "Widget ns/b created")], await AskedAsync(controller));
    }

    [Fact]
    public async Task A_change_of_what_is_owned_asks_for_the_owner()
    {
        var controller = Build(builder => builder.Owns(_widgets, Owner));
        _widgets.Cache.Upsert(Owned("a", 1, "Owner", "o"));

        Assert.Equal([Live("o", "Widget ns/a created")], await AskedAsync(controller));
    }

    [Fact]
    public async Task The_group_and_kind_of_the_owner_count_its_version_does_not()
    {
        var controller = Build(builder => builder.Owns(_widgets, Owner));
        _widgets.Cache.Upsert(Owned("a", 1, "Owner", "older", apiVersion: "owners.dev/v1beta1"));
        _widgets.Cache.Upsert(Owned("b", 2, "Owner", "stranger", apiVersion: "strangers.dev/v1"));
        _widgets.Cache.Upsert(Owned("c", 3, "Owner", "core", apiVersion: "v1"));
        _widgets.Cache.Upsert(Owned("d", 4, "Tenant", "tenant"));
        _widgets.Cache.Upsert(Owned("e", 5, "Owner", "bystander", controller: false));
        _widgets.Cache.Upsert(Widget.Of("f", 6));

        Assert.Equal([Live("older", "Widget ns/a created")], await AskedAsync(controller));
    }

    [Fact]
    public async Task What_changes_hands_asks_for_both_owners()
    {
        var controller = Build(builder => builder.Owns(_widgets, Owner));
        _widgets.Cache.Upsert(Owned("a", 1, "Owner", "one"));
        await AskedAsync(controller);
        _widgets.Cache.Upsert(Owned("a", 2, "Owner", "two"));

        Assert.Equal([Live("one", "Widget ns/a changed"), Live("two", "Widget ns/a changed")], await AskedAsync(controller));
    }

    [Fact]
    public async Task What_is_taken_from_its_owner_asks_for_it()
    {
        var controller = Build(builder => builder.Owns(_widgets, Owner));
        _widgets.Cache.Upsert(Owned("a", 1, "Owner", "one"));
        await AskedAsync(controller);
        _widgets.Cache.Upsert(Widget.Of("a", 2));

        Assert.Equal([Live("one", "Widget ns/a changed")], await AskedAsync(controller));
    }

    [Fact]
    public async Task An_owner_of_the_whole_cluster_has_no_namespace()
    {
        var controller = Build(builder => builder.Owns(_widgets, Owner with { Namespaced = false }));
        _widgets.Cache.Upsert(Owned("a", 1, "Owner", "o"));

        Assert.Equal(new ObjectKey("", "o"), Assert.Single(await AskedAsync(controller)).Key);
    }

    [Fact]
    public async Task A_change_of_another_kind_asks_for_whatever_it_concerns()
    {
        var controller = Build(builder => builder.Watches(_widgets, change =>
            [Widget.Key($"was-{change.Old?.Spec.Size}"), Widget.Key($"is-{change.New?.Spec.Size}")]));
        _widgets.Cache.Upsert(Widget.Of("a", 1, size: 1));
        await AskedAsync(controller);
        _widgets.Cache.Upsert(Widget.Of("a", 2, size: 2));

        Assert.Equal(["was-1", "is-2"], (await AskedAsync(controller)).Select(item => item.Key.Name));
    }

    [Fact]
    public void A_controller_shows_how_many_workers_it_was_given()
    {
        using var series = new SeriesLog(_metrics);
        Build(builder => builder.For(_widgets).WithWorkers(7));

        Assert.Equal(7, series["controller_runtime_max_concurrent_reconciles{controller=test}"]);
    }

    private static WorkItem<ObjectKey> Live(string name, string cause) => new(Widget.Key(name), WorkPriority.Live, cause);

    private static Widget Owned(string name, int version, string kind, string owner, string apiVersion = "owners.dev/v1", bool controller = true)
    {
        var widget = Widget.Of(name, version);
        return widget with
        {
            Metadata = widget.Metadata with { OwnerReferences = [new() { ApiVersion = apiVersion, Kind = kind, Name = owner, Controller = controller }] },
        };
    }

    private Controller Build(Func<ControllerBuilder, ControllerBuilder> sources) =>
        sources(new ControllerBuilder("test")).Build(new NoReconciler(), _metrics, [], _clock, NullLogger<Controller>.Instance);

    private static async Task<List<WorkItem<ObjectKey>>> AskedAsync(Controller controller)
    {
        List<WorkItem<ObjectKey>> asked = [];
        while (controller.Queue.Count > 0)
        {
            var item = await controller.Queue.TakeAsync(TestContext.Current.CancellationToken);
            controller.Queue.Done(item.Key);
            asked.Add(item);
        }

        return asked;
    }

    private sealed class NoReconciler : IReconciler
    {
        public ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken) => default;
    }
}
