namespace ControlPlane.Kubernetes.Resources.Traffic;

/// <summary>
/// Where requests to services go, how long they may take, what is tried again, and who may call. Mirrors <c>manifests/crds/trafficpolicies.yaml</c>,
/// which says units, ranges, defaults and providers. A setting that is null is left to policies of wider scope.
/// </summary>
public sealed record TrafficPolicy : CustomResource<TrafficPolicySpec, PolicyStatus>
{
    /// <summary>Where the API serves it.</summary>
    public static ResourceType ResourceType { get; } = new(FleetApi.Group, FleetApi.Version, "trafficpolicies", "TrafficPolicy");
}

/// <summary>Desired state of a <see cref="TrafficPolicy"/>.</summary>
public sealed record TrafficPolicySpec : IPolicySpec
{
    /// <inheritdoc/>
    public IReadOnlyList<PolicyTargetReference> TargetRefs { get; init; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<PolicyTargetSelector> TargetSelectors { get; init; } = [];

    /// <summary>Gateways through which the service is reached from outside.</summary>
    public IReadOnlyList<GatewayReference>? GatewayRefs { get; init; }

    /// <summary>Host names at the gateways.</summary>
    public IReadOnlyList<string>? Hostnames { get; init; }

    /// <summary>What goes where; merged by name.</summary>
    public IReadOnlyList<TrafficRoute> Routes { get; init; } = [];

    /// <summary>How long a caller waits.</summary>
    public TrafficTimeouts? Timeouts { get; init; }

    /// <summary>What is tried again.</summary>
    public TrafficRetries? Retries { get; init; }

    /// <summary>Which instance takes a request.</summary>
    public LoadBalancing? LoadBalancing { get; init; }

    /// <summary>TLS with certificates on both sides.</summary>
    public MutualTls? MutualTls { get; init; }

    /// <summary>Who may call.</summary>
    public TrafficAccess? Access { get; init; }

    /// <summary>What callers from outside must show.</summary>
    public TrafficAuthentication? Authentication { get; init; }

    /// <summary>Whether plain HTTP is led to HTTPS.</summary>
    public bool? HttpsRedirect { get; init; }

    /// <summary>Which pages of other origins may call.</summary>
    public CrossOrigin? Cors { get; init; }

    /// <summary>Largest request body in bytes.</summary>
    public long? MaxRequestBytes { get; init; }

    /// <summary>Edits of the request.</summary>
    public HeaderEdits? RequestHeaders { get; init; }

    /// <summary>Edits of the response.</summary>
    public HeaderEdits? ResponseHeaders { get; init; }

    /// <summary>JSON Schemas that bodies must meet; merged by name.</summary>
    public IReadOnlyList<RequestSchema> RequestSchemas { get; init; } = [];
}

/// <summary>A Gateway (gateway.networking.k8s.io).</summary>
public sealed record GatewayReference
{
    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Namespace; empty for the policy's.</summary>
    public string Namespace { get; init; } = "";
}

/// <summary>How long a caller waits; durations as in Kubernetes, such as <c>10s</c>, and <c>0s</c> for no end.</summary>
public sealed record TrafficTimeouts
{
    /// <summary>The whole request with its retries.</summary>
    public string? Request { get; init; }

    /// <summary>One try.</summary>
    public string? BackendRequest { get; init; }
}

/// <summary>What is tried again.</summary>
public sealed record TrafficRetries
{
    /// <summary>Tries after the first.</summary>
    public int Attempts { get; init; }

    /// <summary>How long each may take.</summary>
    public string? PerTryTimeout { get; init; }

    /// <summary>After which failures; empty for the default.</summary>
    public IReadOnlyList<FailureKind> Conditions { get; init; } = [];

    /// <summary>Which methods; empty for those that are safe to repeat.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Pauses between tries.</summary>
    public RetryBackoff? Backoff { get; init; }

    /// <summary>Ceiling of all retries.</summary>
    public RetryBudget? Budget { get; init; }
}

/// <summary>How a request can fail.</summary>
public enum FailureKind
{
    /// <summary>Any 5xx.</summary>
    ServerError,

    /// <summary>502, 503 or 504.</summary>
    GatewayError,

    /// <summary>No connection.</summary>
    ConnectFailure,

    /// <summary>The connection broke before an answer.</summary>
    Reset,

    /// <summary>No answer in time.</summary>
    Timeout,
}

/// <summary>Pauses between tries, doubled each time.</summary>
public sealed record RetryBackoff
{
    /// <summary>First pause.</summary>
    public string Base { get; init; } = "25ms";

    /// <summary>Longest pause.</summary>
    public string Max { get; init; } = "250ms";
}

/// <summary>Ceiling of all retries of a service.</summary>
public sealed record RetryBudget
{
    /// <summary>Per cent of the requests of the last ten seconds.</summary>
    public int Percent { get; init; } = 20;

    /// <summary>Retries a second that are always allowed.</summary>
    public int MinimumPerSecond { get; init; } = 3;
}

/// <summary>Which instance takes a request.</summary>
public sealed record LoadBalancing
{
    /// <summary>How it is chosen.</summary>
    public BalancingAlgorithm Algorithm { get; init; }

    /// <summary>What equal requests have in common.</summary>
    public HashSource? HashOn { get; init; }
}

/// <summary>How an instance is chosen.</summary>
public enum BalancingAlgorithm
{
    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The less busy of two.</summary>
    LeastRequest,

    /// <summary>Any.</summary>
    Random,

    /// <summary>Equal requests to the same one.</summary>
    ConsistentHash,
}

/// <summary>What equal requests have in common.</summary>
public sealed record HashSource
{
    /// <summary>Where it is.</summary>
    public HashSourceType Type { get; init; }

    /// <summary>Header or cookie.</summary>
    public string? Name { get; init; }
}

/// <summary>Where that lies which equal requests have in common.</summary>
public enum HashSourceType
{
    /// <summary>A header.</summary>
    Header,

    /// <summary>A cookie.</summary>
    Cookie,

    /// <summary>The client's address.</summary>
    Address,
}

/// <summary>Which pages of other origins may call.</summary>
public sealed record CrossOrigin
{
    /// <summary>Origins.</summary>
    public IReadOnlyList<string> AllowOrigins { get; init; } = [];

    /// <summary>Methods; empty for GET, HEAD and POST.</summary>
    public IReadOnlyList<string> AllowMethods { get; init; } = [];

    /// <summary>Request headers beyond the safelisted ones.</summary>
    public IReadOnlyList<string> AllowHeaders { get; init; } = [];

    /// <summary>Response headers that the page may read.</summary>
    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    /// <summary>With cookies and authorisation.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary>How long a browser may remember the answer.</summary>
    public string MaxAge { get; init; } = "5s";
}

/// <summary>Edits of headers, in this order: set, add, remove.</summary>
public sealed record HeaderEdits
{
    /// <summary>Headers that get this value, whatever they had.</summary>
    public IReadOnlyList<HeaderValue> Set { get; init; } = [];

    /// <summary>Headers that get one value more.</summary>
    public IReadOnlyList<HeaderValue> Add { get; init; } = [];

    /// <summary>Headers that go.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];
}

/// <summary>A header and its value.</summary>
public sealed record HeaderValue
{
    /// <summary>Name, in any case.</summary>
    public string Name { get; init; } = "";

    /// <summary>Value.</summary>
    public string Value { get; init; } = "";
}

/// <summary>A JSON Schema that request bodies must meet.</summary>
public sealed record RequestSchema
{
    /// <summary>Name, unique in the service.</summary>
    public string Name { get; init; } = "";

    /// <summary>Methods; empty for POST, PUT and PATCH.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Paths, exact or with a <c>*</c> at the end; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The schema.</summary>
    public System.Text.Json.Nodes.JsonObject Schema { get; init; } = [];
}
