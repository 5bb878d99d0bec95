namespace Gateway.Resources;

/// <summary>Something that is done to a request or its response.</summary>
internal sealed record HttpRouteFilter
{
    public string Type { get; init; } = "";

    public HttpHeaderFilter? RequestHeaderModifier { get; init; }

    public HttpHeaderFilter? ResponseHeaderModifier { get; init; }

    public HttpRequestRedirect? RequestRedirect { get; init; }

    public HttpUrlRewrite? UrlRewrite { get; init; }

    public HttpCors? Cors { get; init; }

    public HttpRequestMirror? RequestMirror { get; init; }
}

/// <summary>Sends a copy of requests elsewhere, whose answer nobody waits for.</summary>
internal sealed record HttpRequestMirror
{
    public HttpBackendRef BackendRef { get; init; } = new();

    /// <summary>Per cent of the requests; null for all, or for <see cref="Fraction"/>.</summary>
    public int? Percent { get; init; }

    public HttpFraction? Fraction { get; init; }
}

/// <summary>A share.</summary>
internal sealed record HttpFraction(int Numerator = 0, int Denominator = 100);

/// <summary>Which pages of other origins may call.</summary>
internal sealed record HttpCors
{
    public IReadOnlyList<string> AllowOrigins { get; init; } = [];

    public IReadOnlyList<string> AllowMethods { get; init; } = [];

    public IReadOnlyList<string> AllowHeaders { get; init; } = [];

    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    public bool AllowCredentials { get; init; }

    /// <summary>Seconds.</summary>
    public int MaxAge { get; init; } = 5;
}

/// <summary>Edits headers: sets, adds, then removes.</summary>
internal sealed record HttpHeaderFilter
{
    public IReadOnlyList<HttpHeader> Set { get; init; } = [];

    public IReadOnlyList<HttpHeader> Add { get; init; } = [];

    public IReadOnlyList<string> Remove { get; init; } = [];
}

/// <summary>A header.</summary>
internal sealed record HttpHeader(string Name = "", string Value = "");

/// <summary>Answers with a redirection.</summary>
internal sealed record HttpRequestRedirect
{
    public string? Scheme { get; init; }

    public string? Hostname { get; init; }

    public HttpPathModifier? Path { get; init; }

    public int? Port { get; init; }

    public int StatusCode { get; init; } = 302;
}

/// <summary>Sends a request on under another host or path.</summary>
internal sealed record HttpUrlRewrite
{
    public string? Hostname { get; init; }

    public HttpPathModifier? Path { get; init; }
}

/// <summary>What becomes of a path.</summary>
internal sealed record HttpPathModifier
{
    public const string FullPath = "ReplaceFullPath";
    public const string PrefixMatch = "ReplacePrefixMatch";

    public string Type { get; init; } = "";

    public string? ReplaceFullPath { get; init; }

    public string? ReplacePrefixMatch { get; init; }
}
