using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Forwarding;

/// <summary>
/// Who calls. <c>X-Forwarded-For</c> can be written by anyone: of it only as many entries are believed, from its end, as there are proxies of
/// our own before the gateway.
/// </summary>
internal static class ClientAddress
{
    public const string Header = "X-Forwarded-For";

    /// <summary>The client's address.</summary>
    /// <param name="context">The request.</param>
    /// <param name="trustedProxies">Proxies before the gateway that add to the header.</param>
    public static IPAddress Of(HttpContext context, int trustedProxies)
    {
        var peer = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (trustedProxies == 0)
        {
            return peer;
        }

        var entries = context.Request.Headers[Header].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return entries.Length >= trustedProxies && IPAddress.TryParse(entries[^trustedProxies], out var address) ? Plain(address) : peer;
    }

    /// <summary>What the backend is told: the believed part of the header, and who called the gateway.</summary>
    public static string ForwardedFor(HttpContext context, int trustedProxies)
    {
        var peer = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None).ToString();
        var before = trustedProxies == 0 ? "" : context.Request.Headers[Header].ToString();
        return before.Length == 0 ? peer : $"{before}, {peer}";
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
