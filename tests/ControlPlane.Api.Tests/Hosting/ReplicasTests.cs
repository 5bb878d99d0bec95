using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Tests.Audit.Storage;
using ControlPlane.Api.Tests.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Tests.Hosting;

/// <summary>What must hold when several replicas share one PostgreSQL: it does not matter which of them one asks.</summary>
public sealed class ReplicasTests : IClassFixture<TwoReplicas>
{
    private readonly TwoReplicas _replicas;

    public ReplicasTests(TwoReplicas replicas)
    {
        Assert.SkipWhen(PostgresServer.MissingBecause is not null, PostgresServer.MissingBecause ?? "");
        _replicas = replicas;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_takes_changes_and_both_show_all_of_the_log()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async i => Assert.Equal(HttpStatusCode.OK, (await ApplyAsync(i % 2, $"cart-{i}")).Status)));

        for (var i = 0; i < 10; i++) // by name: other tests of this host apply too
        {
            var query = $"action=manifests.apply&name=cart-{i}";
            Assert.Equal(IndexesOf(await FoundAsync(0, query, 2)), IndexesOf(await FoundAsync(1, query, 2)));
        }

        foreach (var i in (int[])[0, 1]) // whoever leads the operators: what they wrote is on record at both
        {
            await FoundAsync(i, "action=reconcile.write", 10);
        }
    }

    [Fact]
    public async Task A_key_of_a_request_that_comes_by_both_lets_it_be_done_once()
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(ApplyAsync(0, "once", key), ApplyAsync(1, "once", key));

        Assert.Contains(HttpStatusCode.OK, answers.Select(static answer => answer.Status));
        var later = await Task.WhenAll(ApplyAsync(0, "once", key), ApplyAsync(1, "once", key));
        Assert.All(later, static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        var done = (await EntriesAsync(0, "action=manifests.apply&name=once")).Count(static entry => (string?)entry!["outcome"] == "Succeeded");
        Assert.Equal(1, done);
    }

    [Fact]
    public async Task Whoever_signed_in_at_one_is_signed_in_at_both_and_a_block_holds_at_both()
    {
        var link = (await _replicas.Services(0).GetRequiredService<FirstStart>().LinkForAdminAsync(Cancel))["/sign-in?token=".Length..];
        var from = new Visitor("203.0.113.9", "curl/8", null);
        var signedIn = await _replicas.Services(1).GetRequiredService<SignInDesk>().ByLinkAsync(link, from, Cancel);
        var caller = await _replicas.Services(0).GetRequiredService<SessionRegistry>().FindAsync(signedIn.Secret!, Cancel);
        Assert.NotNull(caller);

        var gauge = _replicas.Services(0).GetRequiredService<SuspicionGauge>();
        for (var i = 0; i <= 1000; i++)
        {
            await gauge.RequestAsync(from, caller.Id, Cancel);
        }

        await _replicas.Services(1).GetRequiredService<BlockList>().RefreshAsync(Cancel); // as every 5 s
        Assert.True(_replicas.Services(1).GetRequiredService<SuspicionGauge>().IsBlocked(from, caller.Id));
    }

    [Fact]
    public void What_one_protects_the_other_can_read() // antiforgery tokens, and the state of a single sign-on
    {
        var text = _replicas.Services(0).GetDataProtector("test").Protect("text");
        Assert.Equal("text", _replicas.Services(1).GetDataProtector("test").Unprotect(text));
    }

    [Fact]
    public async Task Exports_that_are_asked_for_at_either_are_made_once_and_can_be_had_from_both()
    {
        await ApplyAsync(0, "exported");
        await UntilAsync(async () => (await Answer.ReadAsync(await _replicas.Clients[1].GetAsync("/api/v1/audit/checkpoint", Cancel))).Status == HttpStatusCode.OK);
        var asked = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PostAsync(i % 2, "/api/v1/exports", new JsonObject { ["from"] = "2020-01-01", ["reason"] = $"audit {i}" })));
        Assert.All(asked, static answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));

        foreach (var id in asked.Select(static answer => (string)answer.Json["id"]!))
        {
            await UntilAsync(async () => (string)(await GetAsync(1, $"/api/v1/exports/{id}"))["state"]! is "Done");
            var whole = await Task.WhenAll(_replicas.Clients.Select(client => client.GetByteArrayAsync($"/api/v1/exports/{id}/content", Cancel)));
            Assert.Equal(whole[0], whole[1]);
        }
    }

    [Fact]
    public async Task An_incident_that_is_declared_at_one_is_known_at_both_and_resolved_once()
    {
        await ApplyAsync(0, "burning");
        var draft = new JsonObject { ["severity"] = "P1", ["title"] = "it burns", ["services"] = new JsonArray("shop/burning") };
        Answer? declared = null;
        await UntilAsync(async () => (declared = await PostAsync(0, "/api/v1/incidents", draft.DeepClone())).Status == HttpStatusCode.Created); // once its cache knows the service
        var path = $"/api/v1/incidents/{declared!.Json["incident"]!["number"]}";

        var resolved = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PostAsync(i % 2, $"{path}/resolve", new JsonObject { ["text"] = $"mended by {i}" })));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.Conflict], resolved.Select(static answer => answer.Status).Order());
        Assert.Equal(["Declared", "Resolved"], (await GetAsync(1, path))["timeline"]!.AsArray().Select(static note => (string)note!["type"]!));
    }

    [Fact]
    public async Task First_starts_at_once_make_one_admin()
    {
        var users = await GetAsync(0, "/api/v1/users");
        Assert.Single(users["items"]!.AsArray());
    }

    private Task<Answer> ApplyAsync(int replica, string name, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/manifests")
        {
            Content = new StringContent(
                $"{{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: ManagedService, metadata: {{name: {name}, namespace: shop}}, spec: {{owner: {{team: shop}}, tier: Standard, workload: {{image: 'fleet/order:1.0.0'}}}}}}",
                Encoding.UTF8,
                "application/yaml"),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return UntilAnsweredAsync(_replicas.Clients[replica], request);
    }

    private static async Task<Answer> UntilAnsweredAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            return await Answer.ReadAsync(await client.SendAsync(request, Cancel));
        }
    }

    private async Task<Answer> PostAsync(int replica, string path, JsonNode body) => await Answer.ReadAsync(await _replicas.Clients[replica].PostAsJsonAsync(path, body, Cancel));

    private async Task<JsonNode> GetAsync(int replica, string path) => (await Answer.ReadAsync(await _replicas.Clients[replica].GetAsync(path, Cancel))).Ok();

    private async Task<JsonArray> EntriesAsync(int replica, string query) => (await GetAsync(replica, $"/api/v1/audit/entries?limit=200&{query}"))["items"]!.AsArray();

    private static IEnumerable<long> IndexesOf(JsonArray entries) => entries.Select(static entry => (long)entry!["index"]!);

    /// <summary>What a query finds, once there are so many entries.</summary>
    private async Task<JsonArray> FoundAsync(int replica, string query, int atLeast)
    {
        JsonArray found = [];
        await UntilAsync(async () => (found = await EntriesAsync(replica, query)).Count >= atLeast);
        return found;
    }

    /// <summary>Asks until it is so; a minute at most.</summary>
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }
}
