using System.Net;
using System.Text.Json.Nodes;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>An answer of the REST API.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Text">The body.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="ETag">ETag; null when there is none.</param>
internal sealed record Answer(HttpStatusCode Status, string Text, string? MediaType, string? ETag)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The body as JSON, of an answer that must be a success.</summary>
    public JsonNode Ok()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{(int)Status}: {Text}");
        return Json;
    }

    /// <summary>The body of an answer that must be an RFC 9457 problem with a trace id and no trace of our code.</summary>
    public JsonNode Problem(HttpStatusCode status)
    {
        Assert.Equal((status, "application/problem+json"), (Status, MediaType));
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Text, StringComparison.Ordinal);
        Assert.NotEmpty((string)Json["traceId"]!);
        Assert.NotEmpty((string)Json["title"]!);
        return Json;
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new(response.StatusCode, text, response.Content.Headers.ContentType?.MediaType, response.Headers.ETag?.ToString());
        }
    }
}
