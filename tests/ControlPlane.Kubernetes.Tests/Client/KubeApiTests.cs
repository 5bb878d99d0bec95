using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Client;

/// <summary>What is sent for each call, and what comes of good answers.</summary>
public sealed class KubeApiTests : IAsyncLifetime
{
    private const string Collection = "/apis/test.dev/v1/namespaces/ns/widgets";

    private readonly WriteOptions _write = new() { FieldManager = "me" };
    private ScriptedApiServer _server = null!;
    private KubeConnection _connection = null!;
    private KubeApi _api = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static byte[] Body => "{\"x\":1}"u8.ToArray();

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _connection = _server.Connect(new TestClock());
        _api = new KubeApi(_connection);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_object_is_read_into_the_callers_type()
    {
        var reading = _api.GetAsync<Widget>(Widget.Type, Widget.Key("a"), Token);
        var request = await _server.NextAsync();
        await request.AnswerAsync(WidgetJson.Object("a", 7, size: 3));

        Assert.Equal(("GET", $"{Collection}/a"), (request.Method, request.Path));
        Assert.Equal(Widget.Of("a", 7, size: 3), await reading);
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_found_to_be_none()
    {
        var finding = _api.FindAsync<Widget>(Widget.Type, Widget.Key("a"), Token);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(404, "NotFound"), 404);

        Assert.Null(await finding);
    }

    [Fact]
    public async Task A_selector_arrives_as_it_was_meant()
    {
        var query = new ListQuery { Namespace = "ns", LabelSelector = "app in (a,b),tier!=1&x", FieldSelector = "metadata.name=a", Continue = "t+/=" };
        var listing = _api.ListPageAsync(Widget.Type, query, Token);
        var request = await _server.NextAsync();
        await request.AnswerAsync(WidgetJson.List(1));
        await listing;

        Assert.Equal(Collection, request.Path.Split('?')[0]);
        Assert.Equal(
            ("app in (a,b),tier!=1&x", "metadata.name=a", "500", "t+/="),
            (request.Query("labelSelector"), request.Query("fieldSelector"), request.Query("limit"), request.Query("continue")));
    }

    [Fact]
    public async Task A_list_in_one_piece_names_no_limit()
    {
        var listing = _api.ListPageAsync(Widget.Type, new ListQuery { Limit = 0 }, Token);
        var request = await _server.NextAsync();
        await request.AnswerAsync(WidgetJson.List(1));
        await listing;

        Assert.Equal("/apis/test.dev/v1/widgets", request.Path);
    }

    [Fact]
    public async Task Objects_are_created_in_their_collection() => await SendsAsync(
        _api.CreateAsync(Widget.Type, "ns", Body, _write with { DryRun = true, FieldValidation = "Strict" }, Token),
        "POST", $"{Collection}?fieldManager=me&dryRun=All&fieldValidation=Strict", "application/json");

    [Fact]
    public async Task Subresources_are_created_below_their_object() => await SendsAsync(
        _api.CreateSubresourceAsync(Widget.Type, Widget.Key("a"), Body, _write with { Subresource = "binding" }, Token),
        "POST", $"{Collection}/a/binding?fieldManager=me", "application/json");

    [Fact]
    public async Task Objects_are_replaced_in_their_place() => await SendsAsync(
        _api.ReplaceAsync(Widget.Type, Widget.Key("a"), Body, _write, Token), "PUT", $"{Collection}/a?fieldManager=me", "application/json");

    [Fact]
    public async Task An_apply_takes_fields_only_when_told_to()
    {
        await SendsAsync(
            _api.ApplyAsync(Widget.Type, Widget.Key("a"), Body, _write, Token), "PATCH", $"{Collection}/a?fieldManager=me", "application/apply-patch+yaml");
        await SendsAsync(
            _api.ApplyAsync(Widget.Type, Widget.Key("a"), Body, _write with { Force = true, Subresource = "status" }, Token),
            "PATCH", $"{Collection}/a/status?fieldManager=me&force=true", "application/apply-patch+yaml");
    }

    [Fact]
    public async Task Patches_say_of_which_kind_they_are()
    {
        await SendsAsync(
            _api.MergePatchAsync(Widget.Type, Widget.Key("a"), Body, _write, Token), "PATCH", $"{Collection}/a?fieldManager=me", "application/merge-patch+json");
        await SendsAsync(
            _api.JsonPatchAsync(Widget.Type, Widget.Key("a"), Body, _write, Token), "PATCH", $"{Collection}/a?fieldManager=me", "application/json-patch+json");
    }

    [Fact]
    public async Task A_deletion_names_what_must_still_hold()
    {
        var deleting = _api.DeleteAsync(Widget.Type, Widget.Key("a"), new("u", "7"), TimeSpan.FromSeconds(5), Token);
        var request = await _server.NextAsync();
        await request.AnswerAsync("{}");

        Assert.True(await deleting);
        Assert.Equal(("DELETE", $"{Collection}/a"), (request.Method, request.Path));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {
                  "apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
                  "preconditions": {"uid": "u", "resourceVersion": "7"}, "gracePeriodSeconds": 5
                }
                """),
            JsonNode.Parse(request.Body)), request.Body);
    }

    [Fact]
    public async Task Deleting_what_is_gone_does_nothing()
    {
        var deleting = _api.DeleteAsync(Widget.Type, Widget.Key("a"), new(), Token);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(404, "NotFound"), 404);

        Assert.False(await deleting);
    }

    [Fact]
    public async Task Deleting_what_is_another_by_now_does_nothing()
    {
        var deleting = _api.DeleteAsync(Widget.Type, Widget.Key("a"), new(Uid: "u"), Token);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(409, "Conflict"), 409);

        Assert.False(await deleting);
    }

    [Fact]
    public async Task Deleting_what_has_changed_meanwhile_is_a_conflict()
    {
        var deleting = _api.DeleteAsync(Widget.Type, Widget.Key("a"), new("u", "7"), Token);
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(409, "Conflict"), 409);

        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => deleting)).IsConflict);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{\"metadata\":{\"name\":\"a\"")]
    [InlineData("<html>Sign in</html>")]
    public async Task An_answer_that_is_no_object_is_a_json_error(string answer)
    {
        var reading = _api.GetAsync<Widget>(Widget.Type, Widget.Key("a"), Token);
        await (await _server.NextAsync()).AnswerAsync(answer);

        await Assert.ThrowsAsync<JsonException>(() => reading);
    }

    [Fact]
    public async Task Nothing_is_retried_here()
    {
        var reading = _api.GetRawAsync("/version", Token);
        await (await _server.NextAsync()).AnswerAsync("", 503);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Assert.ThrowsAsync<KubeApiException>(() => reading)).StatusCode);

        Assert.False(_server.HasRequest);
    }

    private async Task SendsAsync(Task<byte[]> call, string method, string path, string contentType)
    {
        var request = await _server.NextAsync();
        await request.AnswerAsync("stored", method == "POST" ? 201 : 200);

        Assert.Equal((method, path, contentType, Encoding.UTF8.GetString(Body)), (request.Method, request.Path, request.ContentType, request.Body));
        Assert.Equal("stored"u8.ToArray(), await call);
    }
}
