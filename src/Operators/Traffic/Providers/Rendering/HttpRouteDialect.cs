namespace Operators.Traffic.Providers.Rendering;

/// <summary>What an implementation of the Gateway API makes of an HTTPRoute, as far as implementations differ.</summary>
internal sealed record HttpRouteDialect
{
    /// <summary>Its name, for what it can't do.</summary>
    public required string Engine { get; init; }

    /// <summary>It takes <c>timeouts.request</c>.</summary>
    public bool RequestTimeouts { get; init; } = true;

    /// <summary>It takes <c>timeouts.backendRequest</c> of each rule.</summary>
    public bool TryTimeouts { get; init; } = true;

    /// <summary>The <c>timeouts.backendRequest</c> of all rules alike, whatever the routes say; null for none.</summary>
    public string? TryLimit { get; init; }

    /// <summary>It knows query parameters.</summary>
    public bool QueryParams { get; init; } = true;

    /// <summary>Its expressions of paths are held to the beginning only, and need a mark for the end.</summary>
    public bool OpenExpressions { get; init; }

    /// <summary>It takes the header filters.</summary>
    public bool HeaderEdits { get; init; } = true;

    /// <summary>It takes the CORS filter; otherwise CORS is said elsewhere.</summary>
    public bool Cors { get; init; }

    /// <summary>Plain HTTP is led to HTTPS by a route of its own; otherwise that is said elsewhere.</summary>
    public bool RedirectRoute { get; init; }

    /// <summary>Annotations of the route.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);
}
