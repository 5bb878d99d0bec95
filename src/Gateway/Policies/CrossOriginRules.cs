namespace Gateway.Policies;

/// <summary>Which pages of other origins may call (CORS of the Fetch standard). A <c>*</c> alone in a list stands for all.</summary>
public sealed record CrossOriginRules
{
    /// <summary>Origins, such as <c>https://shop.example.com</c>; a <c>*</c> in place of labels at the left of the host stands for any number of them.</summary>
    public IReadOnlyList<string> AllowOrigins { get; init; } = [];

    /// <summary>Methods; empty for GET, HEAD and POST.</summary>
    public IReadOnlyList<string> AllowMethods { get; init; } = [];

    /// <summary>Request headers beyond the safelisted ones.</summary>
    public IReadOnlyList<string> AllowHeaders { get; init; } = [];

    /// <summary>Response headers that the page may read.</summary>
    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    /// <summary>With cookies and authorisation.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary>How long a browser may remember the answer, in whole seconds.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(5);
}
