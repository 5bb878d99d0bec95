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

    /// <summary>Reads them; each type may be there once, as the schema has it.</summary>
    /// <exception cref="UnsupportedRuleException">One is of a type that this gateway does not know.</exception>
    public static RuleFilters Read(IReadOnlyList<HttpRouteFilter> filters, string field)
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
                _ => throw new UnsupportedRuleException($"{field}: {filter.Type} is not supported"),
            };
        }

        return read;
    }

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
