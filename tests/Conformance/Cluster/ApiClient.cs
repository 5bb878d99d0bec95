using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace Conformance.Cluster;

/// <summary>Plain HTTP to a Kubernetes API, so that a test sees what is on the wire.</summary>
internal sealed class ApiClient(Kubernetes client)
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);

    /// <summary>CustomResourceDefinitions.</summary>
    public Collection Definitions => new(this, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions");

    /// <summary>Namespaces.</summary>
    public Collection Namespaces => new(this, "/api/v1/namespaces");

    /// <summary>Sends a request and reads the whole answer.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method, string pathAndQuery, string? body = null, string contentType = "application/json", string accept = "application/json")
    {
        using var patience = Patience();
        while (true)
        {
            using var request = await RequestAsync(method, pathAndQuery, accept, patience.Token);
            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };
            }

            using var response = await client.HttpClient.SendAsync(request, patience.Token);
            if (response is not { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter.Delta: { } delay })
            {
                return await ReadAsync(response, patience.Token);
            }

            // As every client does when a server is not ready, here for objects of a kind that was defined just now.
            await Task.Delay(delay, patience.Token);
        }
    }

    /// <summary>Reads any path.</summary>
    public Task<Answer> GetAsync(string pathAndQuery, string accept = "application/json") =>
        SendAsync(HttpMethod.Get, pathAndQuery, accept: accept);

    /// <summary>Opens a watch. It has been accepted when this returns.</summary>
    public async Task<Watch> WatchAsync(string pathAndQuery, string accept = "application/json")
    {
        var patience = Patience();
        using var request = await RequestAsync(HttpMethod.Get, pathAndQuery, accept, patience.Token);
        var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        return new Watch(response, await response.Content.ReadAsStreamAsync(patience.Token), patience);
    }

    /// <summary>Creates a CustomResourceDefinition and waits until its kind is served and shown by discovery.</summary>
    public async Task InstallAsync(CustomKind kind, string versions, string scope = "Namespaced")
    {
        (await Definitions.CreateAsync(kind.Definition(versions, scope))).Expect(HttpStatusCode.Created);
        await Definitions.UntilAsync(
            kind.DefinitionName, definition => definition.At("status.conditions") is JsonArray conditions
                && conditions.Any(c => c.Text("type") == "Established" && c.Text("status") == "True"));

        // Discovery follows a little later, and nothing tells when.
        using var patience = Patience();
        while ((await GetAsync($"/apis/{kind.Group}")).Code == HttpStatusCode.NotFound)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    // Nothing that a test asks for takes long; what hangs shall fail, with what it waited for in the stack trace.
    private static CancellationTokenSource Patience()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(LongestCall);
        return source;
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var json = text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : new JsonObject { ["text"] = text };
        return new Answer(
            response.StatusCode, response.Content.Headers.ContentType?.MediaType, json, [.. response.Headers.Where(h => h.Key == "Warning").SelectMany(h => h.Value)]);
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string pathAndQuery, string accept, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(client.BaseUri, pathAndQuery));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.UserAgent.ParseAdd("conformance/1.0");
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        return request;
    }
}
