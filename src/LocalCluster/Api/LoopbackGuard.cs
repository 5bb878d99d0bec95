using System.Net;
using LocalCluster.Errors;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Api;

/// <summary>
/// Keeps browsers out: the API trusts whoever reaches its port, so a web page must not be able to drive it, neither across origins nor
/// by a name that was rebound to the loopback address.
/// </summary>
internal static class LoopbackGuard
{
    /// <exception cref="StatusException">403: the request may come from a browser.</exception>
    public static void Check(HttpRequest request)
    {
        if (request.Headers.Origin.Count > 0)
        {
            throw Forbidden("requests from web pages are refused");
        }

        var host = request.Host.Host;
        if (host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
        {
            throw Forbidden($"the host \"{host}\" is not a loopback address");
        }
    }

    private static StatusException Forbidden(string why) => new(StatusCodes.Status403Forbidden, "Forbidden", $"forbidden: {why}");
}
