using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using ControlPlane.Kubernetes.Tests.Testing;
using ControlPlane.Kubernetes.Tests.Testing.Model;

namespace ControlPlane.Kubernetes.Tests.Status;

public sealed class FinalizersTests
{
    private const string Ours = "fleet.dabbawala.dev/clean-up";

    private static readonly ModelPath Path = new("apis/test.dev/v1/widgets", "ns", "a", null);

    private readonly ModelApiServer _server = new();
    private readonly KubeApi _api;
    private readonly Finalizers _finalizers;

    public FinalizersTests()
    {
        _api = _server.Connect(new TestClock());
        _finalizers = new(_api, "operators");
    }

    [Fact]
    public async Task A_finalizer_is_added_once_behind_those_of_others()
    {
        var seen = await StoredAsync("other");
        Assert.True(await AddAsync(seen));
        Assert.Equal(["other", Ours], (await ReadAsync()).Finalizers);

        Assert.False(await AddAsync(await ReadAsync()));
        Assert.Single(_server.Writes);
    }

    [Fact]
    public async Task Nothing_is_added_to_what_is_being_deleted()
    {
        await StoredAsync("other");
        _server.Store.Delete(Path, uid: null);

        Assert.False(await AddAsync(await ReadAsync()));
        Assert.Empty(_server.Writes);
    }

    [Fact]
    public async Task Removing_ours_leaves_those_of_others()
    {
        var seen = await StoredAsync("other", Ours);
        await RemoveAsync(seen);

        Assert.Equal(["other"], (await ReadAsync()).Finalizers);
    }

    [Fact]
    public async Task Removing_the_last_lets_the_object_go()
    {
        await StoredAsync(Ours);
        _server.Store.Delete(Path, uid: null);
        await RemoveAsync(await ReadAsync());

        Assert.Null(_server.Store.Find(Path));
    }

    [Fact]
    public async Task What_is_not_there_is_not_removed()
    {
        await RemoveAsync(await StoredAsync("other"));

        Assert.Empty(_server.Writes);
    }

    [Fact]
    public async Task A_list_that_somebody_changed_meanwhile_is_a_conflict_and_stays()
    {
        var seen = await StoredAsync(Ours);
        _server.Store.Update(Path, item => Holding(item, Ours, "other"), "somebody");

        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => RemoveAsync(seen))).IsConflict);
        Assert.Equal([Ours, "other"], (await ReadAsync()).Finalizers);
    }

    [Fact]
    public async Task What_somebody_else_let_go_is_gone()
    {
        await StoredAsync(Ours);
        _server.Store.Delete(Path, uid: null);
        var seen = await ReadAsync();
        _server.Store.Update(Path, item => Holding(item), "somebody");

        await RemoveAsync(seen);
    }

    [Fact]
    public async Task What_was_there_and_is_not_being_deleted_must_not_be_gone()
    {
        var seen = await StoredAsync();
        _server.Store.Delete(Path, uid: null);

        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => AddAsync(seen))).IsNotFound);
    }

    private static JsonObject Holding(JsonObject item, params string[] finalizers)
    {
        item["metadata"]!["finalizers"] = new JsonArray([.. finalizers.Select(finalizer => (JsonNode)finalizer)]);
        return item;
    }

    private async Task<ObjectMeta> StoredAsync(params string[] finalizers)
    {
        var item = new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "ns", ["name"] = "a" } };
        _server.Store.Create(Path with { Name = null }, Holding(item, finalizers), "somebody");
        return await ReadAsync();
    }

    private async Task<ObjectMeta> ReadAsync() =>
        (await _api.GetAsync<Widget>(Widget.Type, Widget.Key("a"), TestContext.Current.CancellationToken)).Metadata;

    private Task<bool> AddAsync(ObjectMeta seen) => _finalizers.AddAsync(Widget.Type, seen, Ours, TestContext.Current.CancellationToken);

    private Task RemoveAsync(ObjectMeta seen) => _finalizers.RemoveAsync(Widget.Type, seen, Ours, TestContext.Current.CancellationToken);
}
