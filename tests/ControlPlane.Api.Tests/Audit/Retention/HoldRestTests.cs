using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Tests.Testing;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Tests.Audit.Retention;

public sealed class HoldRestTests(RunningControlPlane running)
{
    private static readonly Caller Officer = TestCaller.Of("officer-h1", new RoleGrant(Role.ComplianceOfficer));
    private static readonly Caller Second = TestCaller.Of("officer-h2", new RoleGrant(Role.ComplianceOfficer));

    [Fact]
    public async Task A_hold_is_placed_listed_and_released_by_two_people_and_each_step_is_an_entry()
    {
        var reference = Guid.NewGuid().ToString("N");
        var placed = await PlaceAsync(reference, new JsonObject { ["namespace"] = "payments", ["service"] = "wallet", ["from"] = "2026-04-01" });
        Assert.Equal((HttpStatusCode.Created, "2026-03-31T18:30:00Z"), (placed.Status, (string)placed.Json["scope"]!["from"]!));
        var id = (string)placed.Json["id"]!;
        Assert.Contains(id, await IdsAsync($"state=standing&q={reference}"));

        var asked = await SendAsync(HttpMethod.Post, $"/api/v1/audit/holds/{id}/release", Officer, """{"reason":"the case is closed"}""");
        Assert.Equal(HttpStatusCode.Accepted, asked.Status);
        Assert.Contains(id, await IdsAsync($"state=standing&q={reference}"));
        (await SendAsync(HttpMethod.Post, $"{(string)asked.Json["location"]!}/approve", Officer)).Problem(HttpStatusCode.Forbidden);
        Assert.Equal("Done", (string)(await SendAsync(HttpMethod.Post, $"{(string)asked.Json["location"]!}/approve", Second)).Ok()["state"]!);

        Assert.Empty(await IdsAsync($"state=standing&q={reference}"));
        var released = (await SendAsync(HttpMethod.Get, $"/api/v1/audit/holds/{id}", Officer)).Ok();
        Assert.Equal(("officer-h1", "officer-h2", "the case is closed"), ((string)released["release"]!["by"]!, (string)released["release"]!["approvedBy"]!, (string)released["release"]!["reason"]!));
        Assert.Equal(
            ["holds.place Attempted", "retention.hold Succeeded", "holds.place Succeeded", "holds.release Pending", "holds.release Attempted", "retention.release Succeeded", "holds.release Succeeded"],
            running.Log.Events.Where(item => item.Object?.Name == id).Select(item => $"{item.Action} {item.Outcome}"));
        (await SendAsync(HttpMethod.Post, $"/api/v1/audit/holds/{id}/release", Officer, """{"reason":"again"}""")).Problem(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("""{"reference":"case 7","reason":"a proceeding"}""", "scope")]
    [InlineData("""{"scope":{},"reason":"a proceeding"}""", "reference")]
    [InlineData("""{"scope":{},"reference":"asha@example.com","reason":"a proceeding"}""", "reference")]
    [InlineData("""{"scope":{},"reference":"case 7"}""", "reason")]
    [InlineData("""{"scope":{"framework":"SOX"},"reference":"case 7","reason":"a proceeding"}""", "scope.framework")]
    [InlineData("""{"scope":{"from":"2026-02-02","to":"2026-02-01"},"reference":"case 7","reason":"a proceeding"}""", "scope.to")]
    public async Task A_draft_that_makes_no_sense_is_refused_by_its_field(string body, string field) =>
        Assert.Equal(field, (string)(await SendAsync(HttpMethod.Post, "/api/v1/audit/holds", Officer, body)).Json["field"]!);

    [Fact]
    public async Task Holds_are_sorted_and_paged()
    {
        var mark = Guid.NewGuid().ToString("N");
        foreach (var name in (string[])["b", "c", "a"])
        {
            await PlaceAsync($"{mark} {name}", new JsonObject { ["service"] = $"nothing-{mark}" });
        }

        var first = (await SendAsync(HttpMethod.Get, $"/api/v1/audit/holds?q={mark}&sort=reference&limit=2", Officer)).Ok();
        var second = (await SendAsync(HttpMethod.Get, $"/api/v1/audit/holds?q={mark}&sort=reference&limit=2&cursor={first["nextCursor"]}", Officer)).Ok();

        Assert.Equal(["a", "b", "c"], first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(hold => ((string)hold!["reference"]!)[^1..]));
        Assert.Equal((3, (string?)null), ((int)first["total"]!, (string?)second["nextCursor"]));
        (await SendAsync(HttpMethod.Get, "/api/v1/audit/holds?sort=colour", Officer)).Problem(HttpStatusCode.BadRequest);
        (await SendAsync(HttpMethod.Get, "/api/v1/audit/holds?state=maybe", Officer)).Problem(HttpStatusCode.BadRequest);
        (await SendAsync(HttpMethod.Get, "/api/v1/audit/holds/hold_none", Officer)).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_answers_for_one_namespace_places_no_hold_on_the_log()
    {
        var scoped = TestCaller.Of("officer-shop", new RoleGrant(Role.ComplianceOfficer, "shop"));

        (await SendAsync(HttpMethod.Post, "/api/v1/audit/holds", scoped, """{"scope":{},"reference":"case 7","reason":"a proceeding"}""")).Problem(HttpStatusCode.Forbidden);

        Assert.Contains(running.Log.Events, item => item is { Action: "holds.place", Outcome: AuditOutcome.Refused } && item.Actor.Id == "officer-shop");
    }

    private async Task<Answer> PlaceAsync(string reference, JsonObject scope)
    {
        await EnsureAccountAsync();
        return await SendAsync(HttpMethod.Post, "/api/v1/audit/holds", Officer, new JsonObject { ["scope"] = scope, ["reference"] = reference, ["reason"] = "a proceeding" }.ToJsonString());
    }

    private async Task<IReadOnlyList<string>> IdsAsync(string query) =>
        [.. (await SendAsync(HttpMethod.Get, $"/api/v1/audit/holds?{query}", Officer)).Ok()["items"]!.AsArray().Select(hold => (string)hold!["id"]!)];

    private async Task<Answer> SendAsync(HttpMethod method, string path, Caller caller, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        return await running.SendAsync(request.As(caller));
    }

    /// <summary>Whoever asks has an account: it is looked at again when what waited is done.</summary>
    private async Task EnsureAccountAsync()
    {
        await using var context = running.Store.CreateDbContext();
        if (!await context.Set<User>().AnyAsync(user => user.Id == Officer.Id, TestContext.Current.CancellationToken))
        {
            context.Add(new User { Id = Officer.Id, Name = Officer.Id, DisplayName = "Meera", Grants = Officer.Grants, Created = DateTimeOffset.UnixEpoch });
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }
}
