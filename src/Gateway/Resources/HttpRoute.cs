using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace Gateway.Resources;

/// <summary>An HTTPRoute: which requests go where, and what is done to them on the way.</summary>
internal sealed record HttpRoute : CustomResource<HttpRouteSpec, HttpRouteStatus>;

/// <summary>Desired state of an HTTPRoute.</summary>
internal sealed record HttpRouteSpec
{
    public IReadOnlyList<ParentReference> ParentRefs { get; init; } = [];

    /// <summary>Host names, perhaps with <c>*.</c> before them; none for those of the listeners.</summary>
    public IReadOnlyList<string> Hostnames { get; init; } = [];

    public IReadOnlyList<HttpRouteRule> Rules { get; init; } = [];
}

/// <summary>Names the Gateway, or the listener of it, that a route attaches to.</summary>
internal sealed record ParentReference
{
    public string Group { get; init; } = GatewayApi.Group;

    public string Kind { get; init; } = "Gateway";

    /// <summary>Its namespace; null for the route's.</summary>
    public string? Namespace { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Name of a listener; null for all.</summary>
    public string? SectionName { get; init; }

    /// <summary>Port of listeners; null for all.</summary>
    public int? Port { get; init; }

    [JsonIgnore]
    public bool IsGateway => Group == GatewayApi.Group && Kind == "Gateway";
}

/// <summary>One rule of a route.</summary>
internal sealed record HttpRouteRule
{
    public string? Name { get; init; }

    /// <summary>Any of them; none for every request.</summary>
    public IReadOnlyList<HttpRouteMatch> Matches { get; init; } = [];

    public IReadOnlyList<HttpRouteFilter> Filters { get; init; } = [];

    public IReadOnlyList<HttpBackendRef> BackendRefs { get; init; } = [];

    public HttpRouteTimeouts? Timeouts { get; init; }

    /// <summary>What is tried again. Of the API's experimental channel, as is the next: other clusters drop the field.</summary>
    public HttpRouteRetry? Retry { get; init; }

    /// <summary>Not supported: a rule that has it is refused.</summary>
    public JsonElement? SessionPersistence { get; init; }
}

/// <summary>What is tried again.</summary>
internal sealed record HttpRouteRetry
{
    /// <summary>Statuses of a backend's answer, beside connections that fail and answers that do not come in time.</summary>
    public IReadOnlyList<int> Codes { get; init; } = [];

    /// <summary>Tries after the first; null for the gateway's choice.</summary>
    public int? Attempts { get; init; }

    /// <summary>Shortest pause before a try, as a duration of the Gateway API; null for the gateway's choice.</summary>
    public string? Backoff { get; init; }
}

/// <summary>All that a request must have.</summary>
internal sealed record HttpRouteMatch
{
    public HttpPathMatch Path { get; init; } = new();

    public IReadOnlyList<HttpValueMatch> Headers { get; init; } = [];

    public IReadOnlyList<HttpValueMatch> QueryParams { get; init; } = [];

    public string? Method { get; init; }
}

/// <summary>What the path must be.</summary>
internal sealed record HttpPathMatch
{
    public const string Exact = "Exact";
    public const string PathPrefix = "PathPrefix";
    public const string RegularExpression = "RegularExpression";

    public string Type { get; init; } = PathPrefix;

    public string Value { get; init; } = "/";
}

/// <summary>What a header or a parameter of the query must be.</summary>
internal sealed record HttpValueMatch
{
    public string Type { get; init; } = HttpPathMatch.Exact;

    public string Name { get; init; } = "";

    public string Value { get; init; } = "";
}

/// <summary>A Service that requests are sent to.</summary>
internal sealed record HttpBackendRef
{
    public string Group { get; init; } = "";

    public string Kind { get; init; } = "Service";

    /// <summary>Its namespace; null for the route's.</summary>
    public string? Namespace { get; init; }

    public string Name { get; init; } = "";

    public int? Port { get; init; }

    /// <summary>Its share among its siblings; 0 for none.</summary>
    public int Weight { get; init; } = 1;

    public IReadOnlyList<HttpRouteFilter> Filters { get; init; } = [];
}

/// <summary>How long things may take, as durations of the Gateway API (GEP-2257).</summary>
internal sealed record HttpRouteTimeouts
{
    /// <summary>The whole of a request, with its retries; <c>0s</c> for no limit.</summary>
    public string? Request { get; init; }

    /// <summary>One try at a backend; <c>0s</c> for no limit.</summary>
    public string? BackendRequest { get; init; }
}

/// <summary>Observed state of an HTTPRoute.</summary>
internal sealed record HttpRouteStatus
{
    /// <summary>One entry for each parent of each controller. The list is required, even when it is empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<RouteParentStatus> Parents { get; init; } = [];
}

/// <summary>What a controller says of a route and one of its parents.</summary>
internal sealed record RouteParentStatus
{
    public required ParentReference ParentRef { get; init; }

    public required string ControllerName { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init; } = [];
}
