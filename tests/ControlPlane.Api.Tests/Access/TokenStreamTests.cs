using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Access;

public sealed class TokenStreamTests(RunningControlPlane running)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_ends_with_the_token_that_opened_it()
    {
        var made = (await running.PostJsonAsync("/api/v1/tokens", new JsonObject { ["name"] = "stream", ["roles"] = new JsonArray("viewer"), ["days"] = 1 })).Json;
        using var http = running.With((string)made["token"]!);
        using var answer = await OpenAsync(http);
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancel);

        using var revoked = await running.Http.DeleteAsync($"/api/v1/tokens/{(string)made["view"]!["id"]!}", Cancel);

        await EndsAsync(stream);
    }

    [Fact]
    public async Task A_stream_ends_when_the_owner_of_its_token_may_not_sign_in_any_more()
    {
        // A person of one's own: an admin who is disabled would take the token of all tests along.
        var invited = (await running.PostJsonAsync("/api/v1/users", new JsonObject { ["name"] = $"owner-{Guid.NewGuid():N}", ["roles"] = new JsonArray("viewer") })).Json;
        var id = (string)invited["user"]!["id"]!;
        var token = await TokenOfAsync(id);
        using var http = running.With(token);
        using var answer = await OpenAsync(http);
        Assert.True(answer.IsSuccessStatusCode);
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancel);

        using var change = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/users/{id}") { Content = new StringContent("""{"roles":["viewer"],"isDisabled":true}""", System.Text.Encoding.UTF8, "application/json") };
        (await running.SendAsync(change)).Ok();

        await EndsAsync(stream);
    }

    /// <summary>The answer begins with the first change: so there is one after the other until it has begun.</summary>
    private async Task<HttpResponseMessage> OpenAsync(HttpClient http)
    {
        var ns = await running.NamespaceAsync();
        var opening = http.GetAsync("/api/v1/services/stream", HttpCompletionOption.ResponseHeadersRead, Cancel);
        for (var change = 0; !opening.IsCompleted; change++)
        {
            await running.Cluster.ApplyAsync(Declarations.Service(ns, "changing", team: $"team-{change}"));
        }

        return await opening;
    }

    /// <summary>A token in the store, as the person would have made it.</summary>
    private async Task<string> TokenOfAsync(string owner)
    {
        var text = Api.Access.Tokens.TokenText.New();
        await using var context = running.Store.CreateDbContext();
        context.Add(new Api.Access.Tokens.ApiToken
        {
            Id = $"t_{Guid.NewGuid():N}",
            Name = "stream",
            SecretHash = Api.Access.Secret.Hash(text),
            OwnerId = owner,
            Grants = [new(Api.Access.Role.Viewer)],
            Created = TimeProvider.System.GetUtcNow(),
            Expires = TimeProvider.System.GetUtcNow().AddDays(1),
        });
        await context.SaveChangesAsync(Cancel);
        return text;
    }

    private static async Task EndsAsync(Stream stream)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // cut off in the middle of a chunk
        }
    }
}
