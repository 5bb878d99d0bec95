using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>What a Kubernetes API server's audit webhook sends: <c>audit.k8s.io/v1 EventList</c>, as far as it matters here.</summary>
internal sealed record KubernetesEventList
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { PropertyNameCaseInsensitive = false, RespectNullableAnnotations = true };

    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public IReadOnlyList<KubernetesEvent> Items { get; init; } = [];

    /// <summary>Reads a request's body.</summary>
    /// <exception cref="RequestException">It is no such list.</exception>
    public static async Task<KubernetesEventList> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        KubernetesEventList? list;
        try
        {
            list = await JsonSerializer.DeserializeAsync<KubernetesEventList>(body, Options, cancellationToken);
        }
        catch (JsonException e)
        {
            throw RequestException.BadParameter(e.Path ?? "body", "the body is not an audit.k8s.io/v1 EventList");
        }

        return list is { ApiVersion: "audit.k8s.io/v1", Kind: "EventList" }
            ? list
            : throw RequestException.BadParameter("kind", "the body must be an EventList of audit.k8s.io/v1");
    }
}

/// <summary>A request that an API server has answered.</summary>
internal sealed record KubernetesEvent
{
    /// <summary>Id of the request. A client may choose it (header Audit-ID), so it proves nothing by itself.</summary>
    [JsonPropertyName("auditID")]
    public string AuditId { get; init; } = "";

    /// <summary><c>RequestReceived</c>, <c>ResponseStarted</c>, <c>ResponseComplete</c> or <c>Panic</c>.</summary>
    public string Stage { get; init; } = "";

    [JsonPropertyName("requestURI")]
    public string RequestUri { get; init; } = "";

    public string Verb { get; init; } = "";

    public KubernetesUser User { get; init; } = new();

    public KubernetesUser? ImpersonatedUser { get; init; }

    [JsonPropertyName("sourceIPs")]
    public IReadOnlyList<string> SourceAddresses { get; init; } = [];

    public string? UserAgent { get; init; }

    public KubernetesObjectReference? ObjectRef { get; init; }

    public KubernetesStatus? ResponseStatus { get; init; }

    /// <summary>What was sent, where the server's policy says so. May hold secrets.</summary>
    public JsonNode? RequestObject { get; init; }

    /// <summary>What was answered, where the server's policy says so. May hold secrets.</summary>
    public JsonNode? ResponseObject { get; init; }

    public DateTimeOffset RequestReceivedTimestamp { get; init; }

    public DateTimeOffset StageTimestamp { get; init; }
}

/// <summary>Somebody, as the API server knows them.</summary>
internal sealed record KubernetesUser
{
    /// <summary>Name; of a person often an e-mail address.</summary>
    public string Username { get; init; } = "";
}

/// <summary>What a request was about.</summary>
internal sealed record KubernetesObjectReference
{
    public string Resource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public string ApiGroup { get; init; } = "";

    public string ApiVersion { get; init; } = "";

    public string Subresource { get; init; } = "";
}

/// <summary>How a request ended.</summary>
internal sealed record KubernetesStatus
{
    /// <summary>HTTP status.</summary>
    public int Code { get; init; }

    public string? Reason { get; init; }
}
