using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Tests.Approvals;

/// <summary>The namespace of these tests takes a second person for every apply; each test has services of its own in it.</summary>
public sealed class ApprovalTests(RunningControlPlane running)
{
    private static readonly Caller Asker = TestCaller.Of("engineer-1", new RoleGrant(Role.PlatformEngineer));
    private static readonly Caller Second = TestCaller.Of("officer-2", new RoleGrant(Role.ComplianceOfficer));

    [Fact]
    public async Task A_change_waits_for_a_second_person_and_is_then_made_as_who_asked()
    {
        var location = await AskAsync("approved");
        Assert.Null(await FindAsync("approved"));
        var waiting = (await GetAsync(location, Second)).Ok();
        Assert.Equal(("Pending", "engineer-1", true), ((string)waiting["state"]!, (string)waiting["askedBy"]!, (bool)waiting["mayDecide"]!));
        Assert.Contains("team: orders", (string)waiting["changes"]![0]!["after"]!, StringComparison.Ordinal);

        var done = (await PostAsync($"{location}/approve", Second, """{"reason":"agreed in the stand-up"}""")).Ok();

        Assert.Equal(("Done", "officer-2", "agreed in the stand-up"), ((string)done["state"]!, (string)done["decidedBy"]!, (string)done["words"]!));
        Assert.NotNull(await FindAsync("approved"));
        var entries = running.Log.Events.Where(item => item.CorrelationId == (string)done["correlationId"]! && item.Action != "reconcile.write").ToList();
        Assert.Equal(
            ["manifests.apply Pending engineer-1", "approvals.approve Succeeded officer-2", "manifests.apply Attempted engineer-1", "manifests.apply Succeeded engineer-1"],
            entries.Select(item => $"{item.Action} {item.Outcome} {item.Actor.Id}"));
        Assert.Equal("officer-2", (string)entries[^1].Details!["approvedBy"]!);
    }

    [Fact]
    public async Task Nobody_approves_what_he_asked_for_himself_whichever_way_he_comes()
    {
        var location = await AskAsync("own");

        var himself = await PostAsync($"{location}/approve", Asker with { Grants = [new(Role.Admin)] });
        var byToken = await PostAsync($"{location}/approve", TestCaller.Of("token-9", new RoleGrant(Role.Admin)) with { Kind = CallerKind.Token, OwnerId = "engineer-1" });
        var service = await PostAsync($"{location}/approve", TestCaller.Of("robot", new RoleGrant(Role.Admin)) with { Kind = CallerKind.ServiceAccount });

        Assert.All([himself, byToken, service], answer => answer.Problem(HttpStatusCode.Forbidden));
        Assert.Null(await FindAsync("own"));
        Assert.Equal(3, running.Log.Events.Count(item => item is { Action: "approvals.approve", Outcome: AuditOutcome.Refused } && location.EndsWith(item.Object!.Name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_may_not_decide_there_neither_sees_nor_decides()
    {
        var location = await AskAsync("elsewhere");
        var elsewhere = TestCaller.Of("officer-3", new RoleGrant(Role.ComplianceOfficer, "shop"));

        (await GetAsync(location, elsewhere)).Problem(HttpStatusCode.NotFound);
        (await PostAsync($"{location}/approve", elsewhere)).Problem(HttpStatusCode.Forbidden);
        (await GetAsync("/api/v1/approvals", TestCaller.Of("viewer", new RoleGrant(Role.Viewer)))).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_would_do_something_else_by_now_is_not_done()
    {
        await EnsureNamespaceAsync();
        await running.Cluster.ApplyAsync(Declarations.Service(RunningControlPlane.FourEyes, "moved"));
        await running.DeclaredAsync(new(RunningControlPlane.FourEyes, "moved"));
        var location = await AskAsync("moved", tier: "High");
        await running.Cluster.ApplyAsync(Declarations.Service(RunningControlPlane.FourEyes, "moved", tier: "Low"));

        var overtaken = (await PostAsync($"{location}/approve", Second)).Ok();

        Assert.Equal("Overtaken", (string)overtaken["state"]!);
        Assert.Contains("no longer what was approved", (string)overtaken["problem"]!, StringComparison.Ordinal);
        Assert.Equal("Low", (string)(await FindAsync("moved"))!["spec"]!["tier"]!);
    }

    [Fact]
    public async Task It_is_made_with_no_more_rights_than_the_asker_still_has()
    {
        var leaver = TestCaller.Of("engineer-who-left", new RoleGrant(Role.PlatformEngineer));
        var location = await AskAsync("left", leaver);
        await using (var context = running.Store.CreateDbContext())
        {
            (await context.Set<User>().SingleAsync(user => user.Id == leaver.Id, TestContext.Current.CancellationToken)).IsDisabled = true;
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var failed = (await PostAsync($"{location}/approve", Second)).Ok();

        Assert.Equal("Failed", (string)failed["state"]!);
        Assert.Contains("may not apply manifests", (string)failed["problem"]!, StringComparison.Ordinal);
        Assert.Null(await FindAsync("left"));
    }

    [Fact]
    public async Task Declining_takes_a_reason_and_ends_it()
    {
        var location = await AskAsync("declined");

        Assert.Equal("reason", (string)(await PostAsync($"{location}/decline", Second)).Problem(HttpStatusCode.UnprocessableEntity)["field"]!);
        Assert.Equal("Declined", (string)(await PostAsync($"{location}/decline", Second, """{"reason":"not before Diwali"}""")).Ok()["state"]!);
        (await PostAsync($"{location}/approve", Second)).Problem(HttpStatusCode.Conflict);
        Assert.Null(await FindAsync("declined"));
    }

    [Fact]
    public async Task Who_asked_takes_it_back_and_nobody_else_does()
    {
        var location = await AskAsync("withdrawn");

        (await PostAsync($"{location}/withdraw", Second)).Problem(HttpStatusCode.NotFound);
        Assert.Equal("Withdrawn", (string)(await PostAsync($"{location}/withdraw", Asker)).Ok()["state"]!);
        (await PostAsync($"{location}/approve", Second)).Problem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Of_two_who_decide_at_once_one_does()
    {
        var location = await AskAsync("raced");

        var answers = await Task.WhenAll(PostAsync($"{location}/approve", Second), PostAsync($"{location}/approve", Second), PostAsync($"{location}/approve", Second));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict], answers.Select(answer => answer.Status).Order());
    }

    [Fact]
    public async Task What_was_changed_since_it_was_looked_at_is_not_decided_on()
    {
        var location = await AskAsync("looked-at");

        (await PostAsync($"{location}/approve", Second, ifMatch: "\"7\"")).Problem(HttpStatusCode.PreconditionFailed);
        (await PostAsync($"{location}/approve", Second, ifMatch: (await GetAsync(location, Second)).ETag)).Ok();
    }

    [Fact]
    public async Task A_secret_can_not_wait()
    {
        await EnsureNamespaceAsync();
        using var request = Apply($"{{apiVersion: v1, kind: Secret, metadata: {{name: key, namespace: {RunningControlPlane.FourEyes}}}, stringData: {{password: do-not-keep-me}}}}");

        var problem = (await running.SendAsync(request.As(Asker))).Problem(HttpStatusCode.UnprocessableEntity);

        Assert.Contains("can't be kept", (string)problem["title"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_cluster_would_refuse_is_not_asked_for()
    {
        await EnsureNamespaceAsync();
        using var request = Apply(Declarations.Service(RunningControlPlane.FourEyes, "golden", tier: "Golden"));

        (await running.SendAsync(request.As(Asker))).Problem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_list_has_what_waits_and_what_was_decided()
    {
        var waits = (await AskAsync("listed-1")).Split('/')[^1];
        var decided = await AskAsync("listed-2");
        (await PostAsync($"{decided}/decline", Second, """{"reason":"no"}""")).Ok();

        var pending = await ListAsync("?state=pending&limit=200");
        var old = await ListAsync("?state=decided&limit=200");
        var mine = await ListAsync("?mine=true&limit=1");

        Assert.Contains(waits, pending);
        Assert.DoesNotContain(decided.Split('/')[^1], pending);
        Assert.Contains(decided.Split('/')[^1], old);
        Assert.Empty(mine);
        (await GetAsync("/api/v1/approvals?state=soon", Second)).Problem(HttpStatusCode.BadRequest);
    }

    private static HttpRequestMessage Apply(string yaml) => new(HttpMethod.Post, "/api/v1/manifests")
    {
        Content = new StringContent(yaml, Encoding.UTF8, "application/yaml"),
        Headers = { { "X-Reason", "the sale begins" } },
    };

    private async Task<string> AskAsync(string name, Caller? asker = null, string tier = "Standard")
    {
        await EnsureNamespaceAsync();
        await EnsureAccountAsync(asker ?? Asker);
        using var request = Apply(Declarations.Service(RunningControlPlane.FourEyes, name, tier: tier));
        var answer = await running.SendAsync(request.As(asker ?? Asker));
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Text);
        return (string)answer.Json["location"]!;
    }

    private Task EnsureNamespaceAsync() => running.Cluster.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {RunningControlPlane.FourEyes}}}}}");

    /// <summary>Whoever asks has an account: it is looked at again when the change is made.</summary>
    private async Task EnsureAccountAsync(Caller caller)
    {
        await using var context = running.Store.CreateDbContext();
        if (!await context.Set<User>().AnyAsync(user => user.Id == caller.Id, TestContext.Current.CancellationToken))
        {
            context.Add(new User { Id = caller.Id, Name = caller.Id, DisplayName = caller.DisplayName, Grants = caller.Grants, Created = DateTimeOffset.UnixEpoch });
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> ListAsync(string query) =>
        [.. (await GetAsync($"/api/v1/approvals{query}", Second)).Ok()["items"]!.AsArray().Select(item => (string)item!["id"]!)];

    private async Task<Answer> GetAsync(string path, Caller caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await running.SendAsync(request.As(caller));
    }

    private async Task<Answer> PostAsync(string path, Caller caller, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await running.SendAsync(request.As(caller));
    }

    private async Task<JsonNode?> FindAsync(string name) =>
        (await running.Cluster.ListAsync(ManagedService.ResourceType, RunningControlPlane.FourEyes)).FirstOrDefault(item => (string?)item["metadata"]!["name"] == name);
}
