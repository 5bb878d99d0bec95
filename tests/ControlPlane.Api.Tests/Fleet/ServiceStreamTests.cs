using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Fleet;

public sealed class ServiceStreamTests(RunningControlPlane running)
{
    [Fact]
    public async Task Changes_of_services_are_streamed_as_they_happen()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var ns = await running.NamespaceAsync();
        using var response = await running.Http.GetAsync("/api/v1/services/stream", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        await using var changes = SseParser.Create(stream).EnumerateAsync(limit.Token)
            .Where(item => (string?)JsonNode.Parse(item.Data)!["namespace"] == ns)
            .GetAsyncEnumerator(limit.Token);

        await running.Cluster.ApplyAsync(Declarations.Service(ns, "order"));
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal("changed", changes.Current.EventType);

        await running.Cluster.DeleteAsync(ManagedService.ResourceType, new(ns, "order"));
        while (changes.Current.EventType == "changed")
        {
            Assert.True(await changes.MoveNextAsync());
        }

        Assert.Equal("removed", changes.Current.EventType);
        Assert.Null(JsonNode.Parse(changes.Current.Data)!["service"]);
    }
}
