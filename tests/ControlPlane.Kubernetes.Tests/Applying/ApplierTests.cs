using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using CsCheck;
using LocalCluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Applying;

public sealed class ApplierTests : IAsyncLifetime
{
    private const string Manager = "tests";

    private readonly List<string> _writes = [];
    private LocalClusterServer _server = null!;
    private KubeConnection _connection = null!;
    private KubeApi _api = null!;
    private OwnerReference _owner = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 }, cancellationToken: Cancelled);
        _connection = new KubeConnection(new() { Host = _server.Address.ToString() }, TestMetrics.Create(), new WriteLog(_writes));
        _api = new KubeApi(_connection);
        var owner = await _api.CreateAsync(KnownResources.ConfigMaps, "default", """{"metadata":{"name":"owner"}}"""u8.ToArray(), new WriteOptions { FieldManager = Manager }, Cancelled);
        _owner = new OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = new LiveObjectDecoder(Manager).Decode(owner).Metadata.Uid! };
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_is_as_declared_is_not_written_again()
    {
        await ApplyAsync(Declare(("a", "1")));
        _writes.Clear();

        Assert.Empty((await ApplyAsync(Declare(("a", "1")))).Changes);
        Assert.Empty(_writes);
    }

    [Fact]
    public async Task A_changed_value_costs_one_write_although_the_object_was_created_by_POST()
    {
        await ApplyAsync(Declare(("a", "1"), ("b", "1")));
        _writes.Clear();

        var change = Assert.Single((await ApplyAsync(Declare(("a", "2"), ("b", "1")))).Changes);

        Assert.Equal(ChangeAction.Updated, change.Action);
        Assert.Equal("PATCH application/apply-patch+yaml", Assert.Single(_writes));
    }

    [Fact]
    public async Task A_field_that_is_no_longer_declared_goes_even_after_writes_that_left_its_record_alone()
    {
        await ApplyAsync(Declare(("a", "1"), ("b", "1")));
        await ApplyAsync(Declare(("a", "2"), ("b", "1")));

        await ApplyAsync(Declare(("a", "2")));

        Assert.Equal([("a", "2")], await DataAsync());
    }

    [Fact]
    public async Task A_field_that_an_autoscaler_took_over_stays_as_it_set_it()
    {
        var deployment = Deployment("order:1", replicas: 3);
        await ApplyAsync(deployment);
        await ScaleAsync(7);

        await ApplyAsync(Deployment("order:2", replicas: 3));
        await ApplyAsync(Deployment("order:2", replicas: 3, label: "new"));

        var live = await LiveAsync(deployment);
        Assert.Equal(7, (int)live.ToJson(deployment.Type)["spec"]!["replicas"]!);
        Assert.False(Applier.Differs(Deployment("order:2", replicas: 3, label: "new"), live));
    }

    [Fact]
    public async Task A_repair_names_fields_and_manager_and_leaves_what_others_added()
    {
        await ApplyAsync(Declare(("a", "1")));
        await _api.MergePatchAsync(
            KnownResources.ConfigMaps, Key, """{"data":{"a":"9","theirs":"1"}}"""u8.ToArray(), new WriteOptions { FieldManager = "kubectl-edit" }, Cancelled);

        var change = Assert.Single((await ApplyAsync(Declare(("a", "1")))).Changes);

        Assert.Equal((ChangeAction.Repaired, "kubectl-edit"), (change.Action, change.ForeignManager));
        Assert.Equal([".data.a"], change.Fields);
        Assert.Equal([("a", "1"), ("theirs", "1")], await DataAsync());
    }

    [Fact]
    public async Task What_belongs_to_somebody_else_is_refused_until_it_may_be_taken_over()
    {
        await _api.CreateAsync(KnownResources.ConfigMaps, "default", """{"metadata":{"name":"declared"},"data":{"a":"9"}}"""u8.ToArray(), new WriteOptions { FieldManager = "helm" }, Cancelled);

        var refused = await ApplyAsync(Declare(("a", "1")));
        Assert.Equal("field manager 'helm'", Assert.Single(refused.Failures).ForeignOwner);
        Assert.Equal([("a", "9")], await DataAsync());

        var taken = await ApplyAsync(Declare(("a", "1")), takeOver: true);
        Assert.Equal(ChangeAction.TakenOver, Assert.Single(taken.Changes).Action);
        Assert.Equal([("a", "1")], await DataAsync());
    }

    [Theory]
    [InlineData("controller of something else", """{"labels":{"INVENTORY":"owner"},"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"other","uid":"OTHER","controller":true}]}""")]
    [InlineData("ours, for another service", """{"labels":{"INVENTORY":"another"}}""")]
    [InlineData("ours, of another owner", """{"labels":{"INVENTORY":"owner"},"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"other","uid":"OTHER"}]}""")]
    public async Task What_was_made_for_somebody_else_is_not_ours(string whose, string metadata)
    {
        var isControlled = metadata.Contains("controller", StringComparison.Ordinal);
        var other = await _api.CreateAsync(KnownResources.ConfigMaps, "default", """{"metadata":{"name":"other"}}"""u8.ToArray(), new WriteOptions { FieldManager = Manager }, Cancelled);
        var json = new JsonObject
        {
            ["metadata"] = JsonNode.Parse(metadata
                .Replace("INVENTORY", FleetApi.InventoryLabel, StringComparison.Ordinal)
                .Replace("OTHER", new LiveObjectDecoder(Manager).Decode(other).Metadata.Uid, StringComparison.Ordinal)),
            ["data"] = new JsonObject { ["a"] = "9" },
        };
        json["metadata"]!["name"] = Key.Name;
        await _api.CreateAsync(
            KnownResources.ConfigMaps, "default", JsonSerializer.SerializeToUtf8Bytes(json, KubeJson.Options), new WriteOptions { FieldManager = isControlled ? "somebody" : Manager }, Cancelled);

        var result = await ApplyAsync(Declare(("a", "1")), takeOver: isControlled); // what has a controller is not even taken over

        Assert.True(result.Failures.Count == 1, whose);
        Assert.Equal([("a", "9")], await DataAsync());
    }

    [Fact]
    public async Task What_is_left_of_an_earlier_owner_of_the_same_name_is_ours()
    {
        await ApplyAsync(Declare(("a", "1")));
        var again = await _api.CreateAsync(KnownResources.ConfigMaps, "default", """{"metadata":{"name":"owner-again"}}"""u8.ToArray(), new WriteOptions { FieldManager = Manager }, Cancelled);
        _owner = new OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = new LiveObjectDecoder(Manager).Decode(again).Metadata.Uid! };

        Assert.Equal(ChangeAction.Updated, Assert.Single((await ApplyAsync(Declare(("a", "1")))).Changes).Action);
    }

    [Fact]
    public async Task What_is_being_deleted_is_neither_written_nor_deleted_again()
    {
        var declared = Declare(("a", "1"));
        await ApplyAsync(declared);
        await _api.MergePatchAsync(KnownResources.ConfigMaps, Key, """{"metadata":{"finalizers":["test.dev/wait"]}}"""u8.ToArray(), new WriteOptions { FieldManager = "somebody" }, Cancelled);
        await _api.DeleteAsync(KnownResources.ConfigMaps, Key, new DeletePreconditions(), Cancelled);
        _writes.Clear();

        Assert.Contains("being deleted", Assert.Single((await ApplyAsync(Declare(("a", "2")))).Failures).Problem, StringComparison.Ordinal);
        Assert.Empty((await NewApplier().ApplyAsync(_owner, [], [(declared.Type, await LiveAsync(declared))], takeOver: false, Cancelled)).Changes);
        Assert.Empty(_writes);
    }

    [Fact]
    public async Task A_note_of_ours_that_somebody_took_away_is_written_again()
    {
        var (applier, declared) = (NewApplier(), Declare(("a", "1")));
        await applier.ApplyAsync(_owner, [declared], [], takeOver: false, Cancelled);
        var json = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [FleetApi.AppliedAnnotation] = null } } };
        await _api.MergePatchAsync(KnownResources.ConfigMaps, Key, JsonSerializer.SerializeToUtf8Bytes(json), new WriteOptions { FieldManager = "somebody" }, Cancelled);

        await applier.ApplyAsync(_owner, [declared], [(declared.Type, await LiveAsync(declared))], takeOver: false, Cancelled);

        Assert.False(Applier.Differs(declared, await LiveAsync(declared)));
    }

    [Fact]
    public async Task What_was_taken_over_is_kept_as_declared_but_never_deleted_with_its_service()
    {
        await _api.CreateAsync(KnownResources.ConfigMaps, "default", """{"metadata":{"name":"declared"},"data":{"a":"9"}}"""u8.ToArray(), new WriteOptions { FieldManager = "helm" }, Cancelled);
        await ApplyAsync(Declare(("a", "1")), takeOver: true);

        Assert.Empty((await LiveAsync(Declare(("a", "1")))).Metadata.OwnerReferences);
        Assert.Empty((await ApplyAsync(Declare(("a", "1")))).Changes);
        Assert.Equal(ChangeAction.Updated, Assert.Single((await ApplyAsync(Declare(("a", "2")))).Changes).Action);

        var live = await LiveAsync(Declare(("a", "2")));
        Assert.False(Applier.Differs(Declare(("a", "2")), live));
        Assert.Empty((await NewApplier().ApplyAsync(_owner, [], [(KnownResources.ConfigMaps, live)], takeOver: true, Cancelled)).Changes);
    }

    [Fact]
    public async Task What_is_no_longer_declared_is_deleted_unless_it_is_a_copy_that_somebody_made()
    {
        await ApplyAsync(Declare(("a", "1")));
        var ours = await LiveAsync(Declare(("a", "1")));
        var copy = ours.ToJson(KnownResources.ConfigMaps);
        copy["metadata"] = new JsonObject { ["name"] = "copy", ["labels"] = copy["metadata"]!["labels"]!.DeepClone(), ["ownerReferences"] = copy["metadata"]!["ownerReferences"]!.DeepClone() };
        var created = await _api.CreateAsync(KnownResources.ConfigMaps, "default", JsonSerializer.SerializeToUtf8Bytes(copy, KubeJson.Options), new WriteOptions { FieldManager = "somebody" }, Cancelled);

        var result = await NewApplier().ApplyAsync(
            _owner, [], [(KnownResources.ConfigMaps, ours), (KnownResources.ConfigMaps, new LiveObjectDecoder(Manager).Decode(created))], takeOver: false, Cancelled);

        Assert.Equal(("declared", ChangeAction.Deleted), (Assert.Single(result.Changes).Key.Name, result.Changes[0].Action));
    }

    [Fact]
    public async Task Any_sequence_of_declarations_leaves_exactly_the_last_one()
    {
        var declaration = Gen.Dictionary(Gen.Int[0, 2], Gen.Int[1, 2])[1, 3];
        await declaration.Array[2, 6].SampleAsync(
            async declarations =>
            {
                foreach (var data in declarations)
                {
                    await ApplyAsync(Declare([.. data.Select(Entry)]));
                }

                List<(string Key, string Value)> last = [.. declarations[^1].Select(Entry).Order()];
                Assert.Equal(last, await DataAsync());
                await _api.DeleteAsync(KnownResources.ConfigMaps, Key, new DeletePreconditions(null), Cancelled);
            },
            iter: 60,
            threads: 1);
    }

    private static (string Key, string Value) Entry(KeyValuePair<int, int> data) => ($"key-{data.Key}", $"{data.Value}");

    private static ObjectKey Key { get; } = new("default", "declared");

    private DesiredObject Declare(params (string Key, string Value)[] data)
    {
        JsonObject values = [.. data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))];
        return DesiredObject.From(KnownResources.ConfigMaps, Key, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = Metadata(),
            ["data"] = values,
        });
    }

    private DesiredObject Deployment(string image, int replicas, string? label = null) => DesiredObject.From(
        KnownResources.Deployments,
        Key,
        new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = Metadata(label),
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "order" } },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = "order" } },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "order", ["image"] = image }) },
                },
            },
        }) with { Initially = new InitialField("spec", "replicas", replicas) };

    private JsonObject Metadata(string? label = null)
    {
        JsonObject labels = new() { [FleetApi.InventoryLabel] = _owner.Name };
        if (label is not null)
        {
            labels["label"] = label;
        }

        return new JsonObject
        {
            ["name"] = Key.Name,
            ["namespace"] = Key.Namespace,
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = _owner.ApiVersion, ["kind"] = _owner.Kind, ["name"] = _owner.Name, ["uid"] = _owner.Uid,
            }),
        };
    }

    /// <summary>One that remembers nothing, as after a restart.</summary>
    private Applier NewApplier() => new(_api, new WriteTracker(TimeProvider.System), TestMetrics.Create(), Manager, NullLogger<Applier>.Instance);

    private async Task<ApplyResult> ApplyAsync(DesiredObject desired, bool takeOver = false)
    {
        var live = await FindAsync(desired);
        return await NewApplier().ApplyAsync(_owner, [desired], live is null ? [] : [(desired.Type, live)], takeOver, Cancelled);
    }

    private async Task<LiveObject> LiveAsync(DesiredObject desired) => await FindAsync(desired) ?? throw new InvalidOperationException($"{desired.Key} is not there");

    private async Task<LiveObject?> FindAsync(DesiredObject desired)
    {
        try
        {
            return new LiveObjectDecoder(Manager, desired.Initially?.Path).Decode(await _api.GetBytesAsync(desired.Type, desired.Key, Cancelled));
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    private async Task<List<(string Key, string Value)>> DataAsync()
    {
        var json = JsonNode.Parse(await _api.GetBytesAsync(KnownResources.ConfigMaps, Key, Cancelled))!;
        return [.. json["data"]!.AsObject().Select(entry => (entry.Key, (string)entry.Value!)).Order()];
    }

    private Task ScaleAsync(int replicas) => _api.MergePatchAsync(
        KnownResources.Deployments,
        Key,
        JsonSerializer.SerializeToUtf8Bytes(new { spec = new { replicas } }, KubeJson.Options),
        new WriteOptions { FieldManager = "autoscaler", Subresource = "scale" },
        Cancelled);

    private sealed class WriteLog(List<string> writes) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Get)
            {
                writes.Add($"{request.Method} {request.Content?.Headers.ContentType?.MediaType}");
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
