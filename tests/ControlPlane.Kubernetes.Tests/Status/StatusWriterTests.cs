using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Status;

public sealed class StatusWriterTests : IAsyncLifetime
{
    private static readonly Gadget Present = new()
    {
        Metadata = new() { Namespace = "ns", Name = "a", Uid = "u", ResourceVersion = "7" },
        Status = new() { Ready = 1, Conditions = [new() { Type = "Ready", Status = "True", Reason = "X" }] },
    };

    private readonly TestClock _clock = new();
    private readonly RuntimeMetrics _metrics = TestMetrics.Create();
    private ScriptedApiServer _server = null!;
    private KubeConnection _connection = null!;
    private WriteTracker _tracker = null!;
    private StatusWriter _writer = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _connection = _server.Connect(_clock);
        _tracker = new(_clock);
        _writer = new(new KubeApi(_connection), _tracker, _metrics, "operators");
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_status_that_says_what_is_known_is_not_written()
    {
        Assert.False(await WriteAsync(Present with { }, new() { Ready = 1, Conditions = [.. Present.Status!.Conditions] }));
        Assert.False(_server.HasRequest);
    }

    [Fact]
    public async Task A_status_that_changed_is_applied_to_this_very_object_and_counted()
    {
        using var series = new SeriesLog(_metrics);
        var writing = WriteAsync(Present, new() { Ready = 2 });
        var request = await _server.NextAsync();
        await request.AnswerAsync("""{"metadata":{"resourceVersion":"8"}}""");

        Assert.True(await writing);
        Assert.Equal(
            ("PATCH", "/apis/test.dev/v1/namespaces/ns/gadgets/a/status?fieldManager=operators&force=true"), (request.Method, request.Path));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"apiVersion": "test.dev/v1", "kind": "Gadget", "metadata": {"name": "a", "namespace": "ns", "uid": "u"}, "status": {"ready": 2}}
                """),
            JsonNode.Parse(request.Body)), request.Body);
        Assert.Equal(["resource=gadgets.test.dev,action=status} 1"], series.Counted("applier_writes_total{"));
    }

    [Fact]
    public async Task A_first_status_is_written()
    {
        var writing = WriteAsync(Present with { Status = null }, new());
        await (await _server.NextAsync()).AnswerAsync("""{"metadata":{"resourceVersion":"8"}}""");

        Assert.True(await writing);
    }

    [Fact]
    public async Task A_cache_that_has_not_seen_the_write_is_known_to_be_behind()
    {
        var writing = WriteAsync(Present, new() { Ready = 2 });
        await (await _server.NextAsync()).AnswerAsync("""{"metadata":{"resourceVersion":"8"}}""");
        await writing;

        Assert.True(_tracker.IsStale(Gadget.Type, Present.Metadata.Key, "7"));
        Assert.False(_tracker.IsStale(Gadget.Type, Present.Metadata.Key, "8"));
    }

    [Fact]
    public async Task An_object_that_is_gone_has_no_status()
    {
        var writing = WriteAsync(Present, new() { Ready = 2 });
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(404, "NotFound"), 404);

        Assert.False(await writing);
    }

    [Fact]
    public async Task A_refusal_is_the_callers_to_handle()
    {
        var writing = WriteAsync(Present, new() { Ready = 2 });
        await (await _server.NextAsync()).AnswerAsync(WidgetJson.Status(409, "Conflict"), 409);

        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => writing)).IsConflict);
    }

    private Task<bool> WriteAsync(Gadget current, GadgetStatus status) =>
        _writer.WriteAsync(Gadget.Type, current, status, TestContext.Current.CancellationToken);
}
