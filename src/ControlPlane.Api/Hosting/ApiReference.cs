using ControlPlane.Api.Access.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace ControlPlane.Api.Hosting;

/// <summary>The page that shows the REST API. All it loads comes from here, and its inline script has the nonce of the answer.</summary>
internal static class ApiReference
{
    public static void Map(IEndpointRouteBuilder app) => app.MapScalarApiReference("/docs", (options, context) =>
    {
        options.DisableDefaultFonts();
        options.WithNonce(SecurityHeaders.NonceOf(context));
    }).ElseForSignedIn();
}
