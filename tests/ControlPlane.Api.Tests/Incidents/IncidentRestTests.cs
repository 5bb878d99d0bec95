using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Incidents;

public sealed class IncidentRestTests(RolloutHost host) : IClassFixture<RolloutHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_incident_is_declared_told_more_and_resolved_and_each_is_on_record()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());

        var declared = await DeclareAsync("P1", "payments fail", $"{ns}/order");
        Assert.Equal(HttpStatusCode.Created, declared.Status);
        var number = (long)declared.Json["incident"]!["number"]!;
        (await PostAsync($"{number}/notes", new { text = "the bank answers 503" })).Ok();
        var resolved = (await PostAsync($"{number}/resolve", new { text = "the bank is back" })).Ok();

        Assert.NotNull(resolved["incident"]!["resolvedAt"]);
        var told = (await GetAsync($"{number}")).Ok();
        Assert.Equal(("P1", "payments fail", $"INC-{number}"), ((string)told["incident"]!["severity"]!, (string)told["incident"]!["title"]!, (string)told["incident"]!["id"]!));
        Assert.Equal(["Declared: payments fail", "Note: the bank answers 503", "Resolved: the bank is back"], told["timeline"]!.AsArray().Select(static note => $"{note!["type"]}: {note["text"]}"));
        Assert.Equal(
            ["incidents.declare", "incidents.note", "incidents.resolve"],
            host.Log.Events.Where(entry => entry.Object?.Namespace == ns && entry.Outcome == AuditOutcome.Succeeded).Select(static entry => entry.Action));
    }

    [Fact]
    public async Task What_is_resolved_takes_no_more()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());
        var number = (long)(await DeclareAsync("P3", "a typing error", $"{ns}/order")).Json["incident"]!["number"]!;
        (await PostAsync($"{number}/resolve", new { text = "mended" })).Ok();

        (await PostAsync($"{number}/resolve", new { text = "once more" })).Problem(HttpStatusCode.Conflict);
        (await PostAsync($"{number}/notes", new { text = "late" })).Problem(HttpStatusCode.Conflict);
        Assert.Equal(2, (await GetAsync($"{number}")).Ok()["timeline"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(null, "carts are lost", "{0}/order", HttpStatusCode.BadRequest, "severity")]
    [InlineData("P1", " ", "{0}/order", HttpStatusCode.BadRequest, "title")]
    [InlineData("P1", "a\u0007b", "{0}/order", HttpStatusCode.BadRequest, "title")]
    [InlineData("P1", "carts are lost", null, HttpStatusCode.BadRequest, "services")]
    [InlineData("P1", "carts are lost", "{0}/nobody", HttpStatusCode.UnprocessableEntity, "services[0]")]
    [InlineData("P1", "carts are lost", "order", HttpStatusCode.UnprocessableEntity, "services[0]")]
    public async Task A_draft_that_does_not_do_is_refused_by_its_field(string? severity, string title, string? service, HttpStatusCode status, string field)
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());
        string[] services = service is null ? [] : [string.Format(System.Globalization.CultureInfo.InvariantCulture, service, ns)];

        Assert.Equal(field, (string)(await DeclareAsync(severity, title, services)).Problem(status)["field"]!);
        Assert.DoesNotContain(host.Log.Events, entry => entry.Object?.Namespace == ns);
    }

    [Fact]
    public async Task Incidents_are_listed_filtered_sorted_and_paged()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());
        var service = $"{ns}/order";
        await DeclareAsync("P2", "slow", service);
        await DeclareAsync("P0", "all is lost", service);
        var last = (long)(await DeclareAsync("P3", "a blemish", service)).Json["incident"]!["number"]!;
        await PostAsync($"{last}/resolve", new { text = "polished" });

        async Task<string> ListAsync(string query) =>
            string.Join(", ", (await GetAsync($"?service={service}&{query}")).Ok()["items"]!.AsArray().Select(static item => (string)item!["title"]!));

        Assert.Equal("a blemish, all is lost, slow", await ListAsync(""));
        Assert.Equal("all is lost, slow, a blemish", await ListAsync("sort=severity"));
        Assert.Equal("all is lost, slow", await ListAsync("state=open"));
        Assert.Equal("a blemish", await ListAsync("state=resolved"));
        Assert.Equal("all is lost, slow", await ListAsync("severity=P0&severity=P2"));
        Assert.Equal("slow", await ListAsync("q=SLOW"));
        Assert.Equal("all is lost, slow", await ListAsync($"limit=2&cursor={(string)(await GetAsync($"?service={service}&limit=1")).Ok()["nextCursor"]!}"));
        (await GetAsync("?state=lost")).Problem(HttpStatusCode.BadRequest);
        (await GetAsync("?sort=colour")).Problem(HttpStatusCode.BadRequest);
        (await GetAsync("999999")).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_may_not_see_a_service_sees_none_of_its_incidents_and_writes_into_none()
    {
        var ns = await host.DeclareAsync(Rollout.OnItsWay());
        var other = await host.DeclareAsync(Rollout.OnItsWay());
        var number = (long)(await DeclareAsync("P1", "carts are lost", $"{ns}/order", $"{other}/order")).Json["incident"]!["number"]!;
        using var stranger = await host.AsAsync("on-call@nowhere");
        using var half = await host.AsAsync($"on-call@{ns}");

        async Task<HttpStatusCode> StatusAsync(HttpClient http, string path) => (await Answer.ReadAsync(await http.GetAsync($"/api/v1/incidents/{path}", Cancel))).Status;
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (await StatusAsync(stranger, $"{number}"), await StatusAsync(half, $"{number}")));
        Assert.Equal(0, (int)(await Answer.ReadAsync(await stranger.GetAsync("/api/v1/incidents", Cancel))).Ok()["total"]!);
        (await Answer.ReadAsync(await half.PostAsJsonAsync($"/api/v1/incidents/{number}/resolve", new { text = "not mine alone" }, Cancel))).Problem(HttpStatusCode.Forbidden);
        (await Answer.ReadAsync(await half.PostAsJsonAsync("/api/v1/incidents", new { severity = "P1", title = "x", services = (string[])[$"{other}/order"] }, Cancel))).Problem(HttpStatusCode.Forbidden);
    }

    private Task<Answer> DeclareAsync(string? severity, string title, params string[] services) => PostAsync("", new { severity, title, services });

    private async Task<Answer> PostAsync(string path, object body) => await Answer.ReadAsync(await host.Http.PostAsJsonAsync($"/api/v1/incidents/{path}".TrimEnd('/'), body, Cancel));

    private async Task<Answer> GetAsync(string path) => await Answer.ReadAsync(await host.Http.GetAsync(path.StartsWith('?') ? $"/api/v1/incidents{path}" : $"/api/v1/incidents/{path}", Cancel));
}
