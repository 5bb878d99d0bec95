using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Kubernetes.Tests.Applying;

/// <summary>What an applier asks of the API, request by request.</summary>
public sealed class ApplierRequestsTests : IAsyncLifetime
{
    private const string Manager = "tests";

    private static readonly OwnerReference Owner = new() { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = "owner-uid" };

    private readonly TestClock _clock = new();
    private ScriptedApiServer _server = null!;
    private KubeConnection _connection = null!;
    private Applier _applier = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _connection = _server.Connect(_clock);
        _applier = new(new KubeApi(_connection), new WriteTracker(_clock), TestMetrics.Create(), Manager, NullLogger<Applier>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task When_the_server_asks_to_wait_the_rest_is_not_tried()
    {
        var applying = ApplyAsync([Declare("a"), Declare("b")]);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(429, "TooManyRequests"), 429, ("Retry-After", "7"));

        var failure = Assert.Single((await applying).Failures);
        Assert.Equal(("a", TimeSpan.FromSeconds(7)), (failure.Key.Name, failure.RetryAfter));
    }

    [Fact]
    public async Task One_object_that_is_refused_does_not_stop_the_others()
    {
        var applying = ApplyAsync([Declare("a"), Declare("b")]);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(422, "Invalid"), 422);
        await CreatedAsync("b", version: 5);

        var result = await applying;
        Assert.Equal(("a", "b"), (Assert.Single(result.Failures).Key.Name, Assert.Single(result.Changes).Key.Name));
    }

    [Fact]
    public async Task What_was_made_and_is_not_in_the_cache_yet_is_not_made_again()
    {
        await MadeAsync();
        var again = ApplyAsync([Declare("a")]);
        var request = await _server.NextAsync();
        Assert.Equal("GET", request.Method);
        await request.AnswerAsync("{}");

        Assert.Empty((await again).Changes);
    }

    [Fact]
    public async Task What_was_made_and_is_gone_again_is_made_again()
    {
        await MadeAsync();
        var again = ApplyAsync([Declare("a")]);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(404, "NotFound"), 404);
        await CreatedAsync("a", version: 6);

        Assert.Equal(ChangeAction.Created, Assert.Single((await again).Changes).Action);
    }

    [Fact]
    public async Task What_the_server_stores_otherwise_than_it_was_sent_is_no_drift_now_or_later()
    {
        var stored = await MadeAsync(stored => stored["data"]!["size"] = "large");

        Assert.Empty((await ApplyAsync([Declare("a")], Decode(stored))).Changes);
        stored["metadata"]!["resourceVersion"] = "9"; // somebody changed something else
        Assert.Empty((await ApplyAsync([Declare("a")], Decode(stored))).Changes);
        Assert.False(_server.HasRequest);
    }

    [Fact]
    public async Task A_cache_that_shows_the_time_before_our_write_is_not_judged_but_not_for_ever()
    {
        var stored = await MadeAsync();
        stored["metadata"]!["resourceVersion"] = "4";
        stored["data"]!["size"] = "before";
        Assert.Empty((await ApplyAsync([Declare("a")], Decode(stored))).Changes);
        Assert.False(_server.HasRequest);
        _clock.Advance(TimeSpan.FromMinutes(1));

        var applying = ApplyAsync([Declare("a")], Decode(stored));
        var request = await _server.NextAsync();
        Assert.Equal("PATCH", request.Method);
        await request.AnswerAsync(Stored(request, version: 6).ToJsonString());
        Assert.Equal(ChangeAction.Repaired, Assert.Single((await applying).Changes).Action);
    }

    [Fact]
    public async Task A_field_is_handed_over_only_at_the_version_that_was_looked_at()
    {
        var live = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = "ns",
                ["name"] = "a",
                ["uid"] = "u",
                ["resourceVersion"] = "5",
                ["ownerReferences"] = Owners(),
                ["managedFields"] = JsonNode.Parse("""[{"manager":"tests","operation":"Apply","fieldsV1":{"f:data":{"f:replicas":{}}}}]"""),
            },
            ["data"] = new JsonObject { ["size"] = "old", ["replicas"] = "7" },
        };
        var declared = Declare("a") with { Initially = new InitialField("data", "replicas", "3") };
        var applying = ApplyAsync([declared], new LiveObjectDecoder(Manager, declared.Initially.Path).Decode(Encoding.UTF8.GetBytes(live.ToJsonString())));

        var request = await _server.NextAsync();
        var body = JsonNode.Parse(request.Body)!;
        Assert.Equal(("tests-handover", "5", "7"), (request.Query("fieldManager"), (string?)body["metadata"]!["resourceVersion"], (string?)body["data"]!["replicas"]));
        await request.AnswerAsync(WidgetJson.Status(409, "Conflict"), 409);
        Assert.Single((await applying).Failures);
    }

    private static DesiredObject Declare(string name) => DesiredObject.From(
        KnownResources.ConfigMaps,
        new ObjectKey("ns", name),
        new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["namespace"] = "ns", ["name"] = name, ["ownerReferences"] = Owners() },
            ["data"] = new JsonObject { ["size"] = "1" },
        });

    private static JsonArray Owners() =>
        new(new JsonObject { ["apiVersion"] = Owner.ApiVersion, ["kind"] = Owner.Kind, ["name"] = Owner.Name, ["uid"] = Owner.Uid });

    private Task<ApplyResult> ApplyAsync(IReadOnlyList<DesiredObject> desired, LiveObject? live = null) => _applier.ApplyAsync(
        Owner, desired, live is null ? [] : [(KnownResources.ConfigMaps, live)], takeOver: false, TestContext.Current.CancellationToken);

    /// <summary>Has the object made, at version 5; returns it as stored.</summary>
    private async Task<JsonNode> MadeAsync(Action<JsonNode>? normalise = null)
    {
        var applying = ApplyAsync([Declare("a")]);
        var stored = await CreatedAsync("a", version: 5, normalise);
        Assert.Single((await applying).Changes);
        return stored;
    }

    private async Task<JsonNode> CreatedAsync(string name, int version, Action<JsonNode>? normalise = null)
    {
        var request = await _server.NextAsync();
        Assert.Equal("POST", request.Method);
        var stored = Stored(request, version);
        Assert.Equal(name, (string?)stored["metadata"]!["name"]);
        normalise?.Invoke(stored);
        await request.AnswerAsync(stored.ToJsonString(), 201);
        return stored;
    }

    private static JsonNode Stored(ScriptedRequest request, int version)
    {
        var stored = JsonNode.Parse(request.Body)!;
        stored["metadata"]!["uid"] = "u";
        stored["metadata"]!["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        stored["metadata"]!["managedFields"] = JsonNode.Parse("""[{"manager":"tests","operation":"Apply","fieldsV1":{}}]""");
        return stored;
    }

    private static LiveObject Decode(JsonNode stored) => new LiveObjectDecoder(Manager).Decode(Encoding.UTF8.GetBytes(stored.ToJsonString()));
}
