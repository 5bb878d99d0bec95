using System.Net;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Audit.Actors;

public sealed class ActorRestTests(RunningControlPlane running)
{
    [Fact]
    public async Task Names_of_accounts_and_of_people_whom_Kubernetes_knows_are_told_to_those_who_may_and_are_gone_with_the_account()
    {
        var invited = (await running.PostJsonAsync("/api/v1/users", new JsonObject { ["name"] = $"named-{Guid.NewGuid():N}", ["displayName"] = "Meera Nair", ["roles"] = new JsonArray("viewer") })).Json;
        var (user, kubernetes) = ((string)invited["user"]!["id"]!, $"kubernetes:{Guid.NewGuid():N}");
        await running.Audit.RecordAsync(SampleEvents.Of("kubernetes.patch", "shop/order", actor: kubernetes) with { PersonalData = [new PersonalDatum(kubernetes, "actor.address", "203.0.113.9"), new PersonalDatum(kubernetes, "actor.name", "meera@corp.example")] });
        var path = $"/api/v1/actors?id={user}&id={Uri.EscapeDataString(kubernetes)}&id=u_nobody&id=system:node:one";

        Assert.Equal(
            [(user, "Meera Nair"), (kubernetes, "meera@corp.example"), ("u_nobody", null)],
            await NamesAsync(path, TestCaller.Of("officer-a", new RoleGrant(Role.ComplianceOfficer))));
        Assert.Equal(
            [(user, "Meera Nair"), (kubernetes, null), ("u_nobody", null)],
            await NamesAsync(path, TestCaller.Of("engineer-a", new RoleGrant(Role.PlatformEngineer)))); // what only the vault knows takes the right to look into it
        using var viewer = new HttpRequestMessage(HttpMethod.Get, path);
        (await running.SendAsync(viewer.As(TestCaller.Of("viewer-a", new RoleGrant(Role.Viewer))))).Problem(HttpStatusCode.Forbidden);

        using var removed = await running.Http.DeleteAsync($"/api/v1/users/{user}", TestContext.Current.CancellationToken);
        Assert.Equal((user, null), (await NamesAsync(path, TestCaller.Of("officer-a", new RoleGrant(Role.ComplianceOfficer))))[0]);
    }

    private async Task<IReadOnlyList<(string Id, string? Name)>> NamesAsync(string path, Caller caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return [.. (await running.SendAsync(request.As(caller))).Ok()["items"]!.AsArray().Select(item => ((string)item!["id"]!, (string?)item["name"]))];
    }
}
