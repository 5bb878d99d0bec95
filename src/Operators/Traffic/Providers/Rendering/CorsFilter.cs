using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers.Rendering;

/// <summary>CORS as a filter of an HTTPRoute.</summary>
internal static class CorsFilter
{
    private static readonly string[] SafelistedMethods = ["GET", "HEAD", "POST"];

    /// <summary>Methods that a policy allows.</summary>
    public static IReadOnlyList<string> MethodsOf(CrossOrigin cors) => cors.AllowMethods.Count > 0 ? cors.AllowMethods : SafelistedMethods;

    public static JsonObject Of(CrossOrigin cors, UnsupportedSettings unsupported) => new JsonObject()
        .Put("allowOrigins", cors.AllowOrigins.ToJson())
        .Put("allowMethods", MethodsOf(cors).ToJson())
        .Put("allowHeaders", cors.AllowHeaders.ToJson())
        .Put("exposeHeaders", cors.ExposeHeaders.ToJson())
        .Put("allowCredentials", cors.AllowCredentials ? true : null)
        .Put("maxAge", MaxAgeSeconds(cors, unsupported));

    /// <summary>Whole seconds, at least one, for data planes that count in them.</summary>
    public static int MaxAgeSeconds(CrossOrigin cors, UnsupportedSettings unsupported)
    {
        if (PolicyDuration.WholeSeconds(cors.MaxAge) is { } seconds)
        {
            return seconds;
        }

        unsupported.Add("spec.cors.maxAge", "takes whole seconds, at least one");
        return Math.Max(1, (int)Math.Ceiling(PolicyDuration.Parse(cors.MaxAge).TotalSeconds));
    }
}
