using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>Kubernetes' library of URLs.</summary>
internal static class UrlFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Global("url", UrlValue.CelType, (string text) => UrlValue.Parse(text, out var error)
            ?? (object)new CelError($"URL parse error during conversion from string: {error}")),
        Global("isURL", CelType.Bool, (string text) => UrlValue.Parse(text, out _) is not null),
        Of("getScheme", CelType.String, url => url.Scheme),
        Of("getHost", CelType.String, url => url.Host),
        Of("getHostname", CelType.String, url => url.Hostname),
        Of("getPort", CelType.String, url => url.Port),
        Of("getEscapedPath", CelType.String, url => url.EscapedPath),
        Of("getQuery", CelType.Map(CelType.String, CelTypes.ListOfStrings), url => url.Query()),
    ];

    private static Overload Of(string name, CelType result, Func<UrlValue, object> invoke) =>
        new(name, true, [UrlValue.CelType], result, args => invoke((UrlValue)args[0]));
}
