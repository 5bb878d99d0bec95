using System.Net;
using System.Net.Http.Json;
using Compliance.Audit;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Rollouts;

public sealed class RolloutRestTests(RolloutHost host) : IClassFixture<RolloutHost>
{
    [Fact]
    public async Task Rollouts_are_listed_with_what_needs_a_person_first_and_filtered()
    {
        string[] namespaces =
        [
            await host.DeclareAsync(Rollout.OnItsWay()),
            await host.DeclareAsync(Rollout.Failed()),
            await host.DeclareAsync(Rollout.OnItsWay(2, RolloutPhase.Paused)),
            await host.DeclareAsync(Rollout.OnItsWay(2, RolloutPhase.Paused).With(static status => status with { Holds = [new() { Type = "Freeze", Message = "the sale" }] })),
        ];
        var mine = string.Join('&', namespaces.Select(static ns => $"namespace={ns}"));

        async Task<string> ListAsync(string query) =>
            string.Join(' ', (await GetAsync($"/api/v1/rollouts?{mine}&{query}")).Ok()["items"]!.AsArray().Select(item => Array.IndexOf(namespaces, (string)item!["namespace"]!)));

        Assert.Equal("1 2 3 0", await ListAsync(""));
        Assert.Equal("0 1 2 3", await ListAsync("sort=namespace"));
        Assert.Equal("2 3", await ListAsync("phase=paused"));
        Assert.Equal("3", await ListAsync("held=true"));
        Assert.Equal("3", await ListAsync("hold=Freeze"));
        Assert.Equal("0", await ListAsync("phase=progressing&service=order"));
        Assert.Equal("", await ListAsync("service=cart"));
        Assert.Equal("1", await ListAsync("limit=1"));
        Assert.Equal("phase", (string)(await GetAsync("/api/v1/rollouts?phase=lost")).Problem(HttpStatusCode.BadRequest)["field"]!);
    }

    [Fact]
    public async Task One_is_told_with_what_can_be_done_and_with_what_is_declared_against_what_users_have()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay(1, RolloutPhase.Paused));

        var rollout = (await GetAsync($"/api/v1/rollouts/{ns}/order")).Ok();

        Assert.Equal((19.9, "r2"), ((double)rollout["summary"]!["observed"]!["percent"]!, (string)rollout["summary"]!["canaryRevision"]!));
        Assert.Contains(rollout["actions"]!.AsArray(), static offer => (string)offer!["action"]! == "Promote" && offer["objection"] is null);
        Assert.Equal(("OnItsWay", "fleet/order:1.0.0"), ((string)rollout["declared"]![0]!["state"]!, (string)rollout["declared"]![0]!["running"]!));
        (await GetAsync($"/api/v1/rollouts/{ns}/nobody")).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_command_is_written_into_the_declaration_with_who_and_why_and_is_on_record()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());

        var asked = (await PostAsync(ns, "abort", "r2", "carts are lost")).Ok();

        var command = (await host.StoredAsync(ns)).Spec.Command!;
        Assert.Equal((RolloutCommandType.Abort, "r2", "carts are lost", (string)asked["command"]!), (command.Type, command.Revision, command.Reason, command.Id));
        Assert.NotEmpty(command.By);
        var entry = host.Log.Events.Last(item => item.Action == "rollouts.abort" && item.Object?.Namespace == ns);
        Assert.Equal(("CanaryRollout", "carts are lost", AuditOutcome.Succeeded), (entry.Object!.Kind, entry.Reason, entry.Outcome));
    }

    [Fact]
    public async Task Pause_and_resume_are_a_field_of_the_declaration()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());

        Assert.True((bool)(await PostAsync(ns, "pause")).Ok()["paused"]!);
        Assert.True((await host.StoredAsync(ns)).Spec.Paused);
        Assert.Equal("action", (string)(await PostAsync(ns, "pause")).Problem(HttpStatusCode.Conflict)["field"]!);
        Assert.False((bool)(await PostAsync(ns, "resume")).Ok()["paused"]!);
    }

    [Theory]
    [InlineData("abort", null, "carts are lost", HttpStatusCode.BadRequest, "revision")]
    [InlineData("abort", "r1", "carts are lost", HttpStatusCode.PreconditionFailed, "revision")]
    [InlineData("abort", "r2", null, HttpStatusCode.UnprocessableEntity, "reason")]
    [InlineData("override-holds", "r2", "we know", HttpStatusCode.Conflict, "action")]
    [InlineData("promote", "r2", null, HttpStatusCode.Conflict, "action")]
    [InlineData("retry", "r2", "once more", HttpStatusCode.Conflict, "action")]
    public async Task What_would_do_nothing_or_the_wrong_thing_is_refused_and_nothing_is_written(string action, string? revision, string? reason, HttpStatusCode status, string field)
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());

        Assert.Equal(field, (string)(await PostAsync(ns, action, revision, reason)).Problem(status)["field"]!);
        Assert.Null((await host.StoredAsync(ns)).Spec.Command);
    }

    [Fact]
    public async Task What_git_keeps_is_paused_there_while_commands_are_taken_here()
    {
        var kept = Rollout.OnItsWay() with { Metadata = new() { Name = "order", Labels = new Dictionary<string, string> { ["kustomize.toolkit.fluxcd.io/name"] = "shop" } } };
        var ns = await host.DeclareAsync(kept);

        var refused = (await PostAsync(ns, "pause")).Problem(HttpStatusCode.Conflict);

        Assert.Equal("the rollout is kept by Flux Kustomization shop, which would undo it: commit there spec: {paused: true}", (string)refused["title"]!);
        (await PostAsync(ns, "abort", "r2", "carts are lost")).Ok();
    }

    [Fact]
    public async Task Who_is_on_call_stops_and_does_not_promote_and_who_looks_does_neither()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay(2, RolloutPhase.Paused));
        using var onCall = await host.AsAsync($"on-call@{ns}");
        using var viewer = await host.AsAsync($"viewer@{ns}");

        (await PostAsync(ns, "pause", by: onCall)).Ok();
        Assert.Equal("rollouts.promote", (string)(await PostAsync(ns, "promote", "r2", by: onCall)).Problem(HttpStatusCode.Forbidden)["permission"]!);
        Assert.Equal("rollouts.override", (string)(await PostAsync(ns, "override-holds", "r2", "we know", onCall)).Problem(HttpStatusCode.Forbidden)["permission"]!);
        Assert.Equal("rollouts.pause", (string)(await PostAsync(ns, "pause", by: viewer)).Problem(HttpStatusCode.Forbidden)["permission"]!);
        Assert.Equal(1, (int)(await Answer.ReadAsync(await viewer.GetAsync("/api/v1/rollouts", TestContext.Current.CancellationToken))).Ok()["total"]!);
    }

    [Fact]
    public async Task The_stream_tells_of_a_rollout_that_changed()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());
        using var answer = await host.Http.GetAsync("/api/v1/rollouts/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        await host.Cluster.PatchAsync(CanaryRollout.ResourceType, new(ns, "order"), """{"spec":{"paused":true}}""");

        string? line;
        do
        {
            line = await lines.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        while (line is not null && !(line.StartsWith("data:", StringComparison.Ordinal) && line.Contains(ns, StringComparison.Ordinal)));

        Assert.Contains("\"paused\":true", line!, StringComparison.Ordinal);
    }

    private async Task<Answer> GetAsync(string path) => await Answer.ReadAsync(await host.Http.GetAsync(path, TestContext.Current.CancellationToken));

    private async Task<Answer> PostAsync(string ns, string action, string? revision = null, string? reason = null, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/rollouts/{ns}/order/{action}") { Content = JsonContent.Create(new { revision }) };
        if (reason is not null)
        {
            request.Headers.Add("X-Reason", reason);
        }

        return await Answer.ReadAsync(await (by ?? host.Http).SendAsync(request, TestContext.Current.CancellationToken));
    }
}
