using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using Gateway.Policies;

namespace Gateway.Routing;

/// <summary>Names a rule of a route, in metrics, logs and answers.</summary>
/// <param name="Route">The HTTPRoute.</param>
/// <param name="Index">Place of the rule in it, from 0.</param>
/// <param name="Name">Name of the rule; null when it has none.</param>
internal sealed record RuleId(ObjectKey Route, int Index, string? Name)
{
    /// <summary>Name of the route, made once: every request is counted under it.</summary>
    public string RouteName { get; } = Route.ToString();

    public override string ToString() => $"{Route}#{Name ?? Index.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>What is done with the requests that a rule matches.</summary>
internal sealed record RouteRule
{
    public required RuleId Id { get; init; }

    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;

    /// <summary>Answer with a redirection; null to forward.</summary>
    public Redirect? Redirect { get; init; }

    public Rewrite Rewrite { get; init; } = Rewrite.None;

    /// <summary>Which pages of other origins may call; null to leave that to the policy, or the service.</summary>
    public CrossOriginRules? CrossOrigin { get; init; }

    /// <summary>Where copies of requests go.</summary>
    public IReadOnlyList<MirrorTarget> Mirrors { get; init; } = [];

    public IReadOnlyList<WeightedBackend> Backends { get; init; } = [];

    /// <summary>Limit of the whole request; null for none, or for what the policy of the service says.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Limit of one try at a backend; null as above.</summary>
    public TimeSpan? BackendTimeout { get; init; }

    /// <summary>What is tried again; null for what the policy of the service says.</summary>
    public RetryOptions? Retries { get; init; }
}

/// <summary>A redirection; null where the request's own is kept.</summary>
internal sealed record Redirect(string? Scheme, string? Hostname, int? Port, PathRewrite? Path, int StatusCode);

/// <summary>Another host and path for the backend; null where the request's own is kept.</summary>
internal sealed record Rewrite(string? Hostname, PathRewrite? Path)
{
    public static Rewrite None { get; } = new(null, null);
}

/// <summary>Where copies of requests go.</summary>
/// <param name="Key">The port of a Service.</param>
/// <param name="Share">Share of the requests, 0 to 1.</param>
internal sealed record MirrorTarget(BackendKey Key, double Share);

/// <summary>A backend with its share.</summary>
internal sealed record WeightedBackend
{
    /// <summary>The port of a Service; null for a reference that can't be followed, whose share of requests gets 500.</summary>
    public required BackendKey? Key { get; init; }

    public required int Weight { get; init; }

    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;
}

/// <summary>One way for a request to get to a rule.</summary>
internal sealed record RouteMatch
{
    public PathPattern Path { get; init; } = PathPattern.All;

    /// <summary>The method; null for any.</summary>
    public string? Method { get; init; }

    public IReadOnlyList<ValuePattern> Headers { get; init; } = [];

    public IReadOnlyList<ValuePattern> Query { get; init; } = [];

    public required RouteRule Rule { get; init; }

    /// <summary>When the route was made: among equals, the oldest goes first.</summary>
    public required DateTimeOffset RouteCreated { get; init; }
}
