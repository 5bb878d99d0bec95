namespace Gateway.Resources;

/// <summary>Something that is done to a request or its response.</summary>
internal sealed record HttpRouteFilter
{
    public string Type { get; init; } = "";

    public HttpHeaderFilter? RequestHeaderModifier { get; init; }

    public HttpHeaderFilter? ResponseHeaderModifier { get; init; }

    public HttpRequestRedirect? RequestRedirect { get; init; }

    public HttpUrlRewrite? UrlRewrite { get; init; }
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
