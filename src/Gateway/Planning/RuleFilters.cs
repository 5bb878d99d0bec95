using Gateway.Policies;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>The filters of a rule or of a backend.</summary>
internal sealed record RuleFilters
{
    public HeaderEdits RequestHeaders { get; init; } = HeaderEdits.None;

    public HeaderEdits ResponseHeaders { get; init; } = HeaderEdits.None;

    public Redirect? Redirect { get; init; }

    public Rewrite Rewrite { get; init; } = Rewrite.None;

    public CrossOriginRules? CrossOrigin { get; init; }

    public IReadOnlyList<MirrorTarget> Mirrors { get; init; } = [];

    /// <summary>True when there is something that only a rule can have, not one of its backends.</summary>
    public bool IsOfRule => Redirect is not null || Rewrite != Rewrite.None || CrossOrigin is not null || Mirrors.Count > 0;

    /// <summary>Reads them; each type may be there once, as the schema has it, but for mirrors.</summary>
    /// <exception cref="UnsupportedRuleException">One is of a type that this gateway does not know.</exception>
    public static RuleFilters Read(IReadOnlyList<HttpRouteFilter> filters, BackendResolver backends, string field)
    {
        var read = new RuleFilters();
        foreach (var filter in filters)
        {
            read = filter switch
            {
                { Type: "RequestHeaderModifier", RequestHeaderModifier: { } edits } => read with { RequestHeaders = Edits(edits) },
                { Type: "ResponseHeaderModifier", ResponseHeaderModifier: { } edits } => read with { ResponseHeaders = Edits(edits) },
                { Type: "RequestRedirect", RequestRedirect: { } redirect } => read with { Redirect = ReadRedirect(redirect, $"{field}.requestRedirect") },
                { Type: "URLRewrite", UrlRewrite: { } rewrite } => read with { Rewrite = new(rewrite.Hostname, Path(rewrite.Path, $"{field}.urlRewrite.path")) },
                { Type: "RequestMirror", RequestMirror: { } mirror } => read with { Mirrors = [.. read.Mirrors, .. Targets(mirror, backends, $"{field}.requestMirror.backendRef")] },
                { Type: "CORS", Cors: { } cors } => read with { CrossOrigin = Rules(cors) },
                _ => throw new UnsupportedRuleException($"{field}: {filter.Type} is not supported"),
            };
        }

        return read;
    }

    private static IEnumerable<MirrorTarget> Targets(HttpRequestMirror mirror, BackendResolver backends, string field)
    {
        var share = mirror.Fraction is { Denominator: > 0 } fraction ? (double)fraction.Numerator / fraction.Denominator : (mirror.Percent ?? 100) / 100.0;
        return backends.Resolve(mirror.BackendRef, field) is { } key ? [new MirrorTarget(key, share)] : [];
    }

    private static CrossOriginRules Rules(HttpCors cors) => new()
    {
        AllowOrigins = cors.AllowOrigins,
        AllowMethods = cors.AllowMethods,
        AllowHeaders = cors.AllowHeaders,
        ExposeHeaders = cors.ExposeHeaders,
        AllowCredentials = cors.AllowCredentials,
        MaxAge = TimeSpan.FromSeconds(cors.MaxAge),
    };

    private static Redirect ReadRedirect(HttpRequestRedirect redirect, string field) =>
        new(redirect.Scheme, redirect.Hostname, redirect.Port, Path(redirect.Path, $"{field}.path"), redirect.StatusCode);

    private static HeaderEdits Edits(HttpHeaderFilter edits) => new(Pairs(edits.Set), Pairs(edits.Add), edits.Remove);

    private static List<KeyValuePair<string, string>> Pairs(IReadOnlyList<HttpHeader> headers) => [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))];

    private static PathRewrite? Path(HttpPathModifier? path, string field) => path switch
    {
        null => null,
        { Type: HttpPathModifier.FullPath, ReplaceFullPath: { } full } => new(full, null),
        { Type: HttpPathModifier.PrefixMatch, ReplacePrefixMatch: { } prefix } => new(null, prefix),
        _ => throw new UnsupportedRuleException($"{field}.type: {path.Type} is not known, or its value is missing"),
    };
}
