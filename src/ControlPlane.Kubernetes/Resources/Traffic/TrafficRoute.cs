namespace ControlPlane.Kubernetes.Resources.Traffic;

/// <summary>What goes where.</summary>
public sealed record TrafficRoute
{
    /// <summary>Name, unique in the service.</summary>
    public string Name { get; init; } = "";

    /// <summary>A request is the route's when it meets one of them; empty for every request.</summary>
    public IReadOnlyList<RouteMatch> Matches { get; init; } = [];

    /// <summary>Where to, by weight; empty for the Service in front of the target.</summary>
    public IReadOnlyList<WeightedBackend> BackendRefs { get; init; } = [];

    /// <summary>Timeouts of this route.</summary>
    public TrafficTimeouts? Timeouts { get; init; }
}

/// <summary>What a request must meet, all of it.</summary>
public sealed record RouteMatch
{
    /// <summary>Path; null for any.</summary>
    public PathMatch? Path { get; init; }

    /// <summary>Method; null for any.</summary>
    public string? Method { get; init; }

    /// <summary>Headers.</summary>
    public IReadOnlyList<ValueMatch> Headers { get; init; } = [];

    /// <summary>Query parameters.</summary>
    public IReadOnlyList<ValueMatch> QueryParams { get; init; } = [];
}

/// <summary>What a path must be.</summary>
public sealed record PathMatch
{
    /// <summary>How it is compared.</summary>
    public PathMatchType Type { get; init; } = PathMatchType.PathPrefix;

    /// <summary>Path, prefix or expression.</summary>
    public string Value { get; init; } = "";
}

/// <summary>How a path is compared.</summary>
public enum PathMatchType
{
    /// <summary>Equal.</summary>
    Exact,

    /// <summary>Begins with these whole segments.</summary>
    PathPrefix,

    /// <summary>RE2, the whole path.</summary>
    RegularExpression,
}

/// <summary>What a header or a query parameter must be.</summary>
public sealed record ValueMatch
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>How it is compared.</summary>
    public ValueMatchType Type { get; init; }

    /// <summary>Value or expression.</summary>
    public string Value { get; init; } = "";
}

/// <summary>How a value is compared.</summary>
public enum ValueMatchType
{
    /// <summary>Equal.</summary>
    Exact,

    /// <summary>RE2, the whole value.</summary>
    RegularExpression,
}

/// <summary>A Service and its share of the requests.</summary>
public sealed record WeightedBackend
{
    /// <summary>Service of the cluster, in the policy's namespace.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its port; null for the first.</summary>
    public int? Port { get; init; }

    /// <summary>Share, of the sum of all weights.</summary>
    public int Weight { get; init; } = 1;
}
