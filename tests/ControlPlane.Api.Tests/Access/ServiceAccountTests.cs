using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Access;

/// <summary>Tokens of ServiceAccounts that the cluster itself issues, and vouches for by TokenReview.</summary>
public sealed class ServiceAccountTests(RunningControlPlane running)
{
    [Fact]
    public async Task A_service_account_that_was_given_a_role_has_it_and_no_more()
    {
        using var sender = running.With(await TokenAsync("bound", "sender", "dabbawala"));

        var me = (await Answer.ReadAsync(await sender.GetAsync("/api/v1/me", TestContext.Current.CancellationToken))).Ok();

        Assert.Equal(("ServiceAccount", "system:serviceaccount:bound:sender"), ((string)me["kind"]!, (string)me["id"]!));
        Assert.Equal(HttpStatusCode.OK, (await sender.GetAsync("/api/v1/services", TestContext.Current.CancellationToken)).StatusCode);
        (await Answer.ReadAsync(await sender.GetAsync("/api/v1/users", TestContext.Current.CancellationToken))).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_service_account_without_a_role_is_let_in_nowhere() => await RefusedAsync("workload_without_role", await TokenAsync("unbound", "stranger", "dabbawala"));

    [Fact]
    public async Task A_token_for_the_cluster_itself_is_none_for_us() => await RefusedAsync("token_unknown", await TokenAsync("bound", "sender", audience: null));

    [Fact]
    public async Task A_token_that_the_cluster_does_not_know_is_refused()
    {
        var token = await TokenAsync("bound", "sender", "dabbawala");

        await RefusedAsync("token_unknown", $"{token[..^8]}AAAAAAAA");
    }

    private async Task RefusedAsync(string code, string token)
    {
        using var client = running.With(token);

        Assert.Equal(code, (string?)(await Answer.ReadAsync(await client.GetAsync("/api/v1/me", TestContext.Current.CancellationToken))).Problem(HttpStatusCode.Unauthorized)["reason"]);
    }

    private async Task<string> TokenAsync(string ns, string name, string? audience)
    {
        await running.Cluster.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {ns}}}}}");
        await running.Cluster.ApplyAsync($"{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: {name}, namespace: {ns}}}}}");
        var spec = new JsonObject { ["expirationSeconds"] = 3600 };
        if (audience is not null)
        {
            spec["audiences"] = new JsonArray(audience);
        }

        var body = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = spec };
        var answer = await running.Cluster.Api.CreateSubresourceAsync(
            KnownResources.ServiceAccounts, new ObjectKey(ns, name), Encoding.UTF8.GetBytes(body.ToJsonString()), new WriteOptions { FieldManager = "test", Subresource = "token" }, TestContext.Current.CancellationToken);
        return (string)JsonNode.Parse(answer)!["status"]!["token"]!;
    }
}
