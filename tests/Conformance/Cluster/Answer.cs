using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Conformance.Cluster;

/// <summary>What the API answered.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="MediaType">The form of the body.</param>
/// <param name="Body">The body.</param>
/// <param name="Warnings">The texts of its <c>Warning</c> headers.</param>
internal sealed record Answer(HttpStatusCode Code, string? MediaType, JsonObject Body, IReadOnlyList<string> Warnings)
{
    /// <summary>The object's resourceVersion.</summary>
    public string ResourceVersion => Body.Text("metadata.resourceVersion")!;

    /// <summary>The list's items.</summary>
    public IReadOnlyList<JsonObject> Items => [.. Body["items"]!.AsArray().Select(item => item!.AsObject())];

    /// <summary>Names of the list's items.</summary>
    public IReadOnlyList<string> Names => [.. Items.Select(item => item.Text("metadata.name")!)];

    /// <summary>A value of the body as text; null when it isn't there.</summary>
    public string? Text(string path) => Body.Text(path);

    /// <summary>A value of the body; null when it isn't there.</summary>
    public JsonNode? At(string path) => Body.At(path);

    /// <summary>The same answer, which must have this status.</summary>
    public Answer Expect(HttpStatusCode code)
    {
        Assert.True(code == Code, string.Create(CultureInfo.InvariantCulture, $"expected {code}, got {Code}: {Body.ToJsonString()}"));
        return this;
    }

    /// <summary>The same answer, which must be a failure of this status and reason.</summary>
    public Answer ExpectFailure(HttpStatusCode code, string reason)
    {
        Expect(code);
        Assert.Equal(("Status", "v1", "Failure", reason), (Text("kind"), Text("apiVersion"), Text("status"), Text("reason")));
        Assert.Equal(((int)code).ToString(CultureInfo.InvariantCulture), Text("code"));
        return this;
    }
}
