using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Fleet.Tests.Testing;

/// <summary>What an instance answered.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonNode? Body, HttpResponseHeaders Headers, string? MediaType)
{
    /// <summary>A field of the body, as text.</summary>
    public string this[string field] => Body![field]!.ToString();

    /// <summary>The fields that a problem names.</summary>
    public IEnumerable<string> FieldsAtFault => Body!["errors"]!.AsObject().Select(e => e.Key);
}
