using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Access;

/// <summary>From where a request comes. Personal data.</summary>
/// <param name="Address">Network address.</param>
/// <param name="Agent">What the browser or program says it is; at most 200 letters.</param>
/// <param name="CorrelationId">Trace id of the request.</param>
public sealed record Visitor(string Address, string Agent, string? CorrelationId)
{
    private const int LongestAgent = 200;

    /// <summary>True when it comes from this machine.</summary>
    public bool IsLocal { get; init; }

    /// <summary>
    /// The address as it counts: an IPv4 address, or the /64 of an IPv6 one, of which whoever has one has 2^64.
    /// </summary>
    public static string Place(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    /// <summary>Whoever sent a request.</summary>
    public static Visitor Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var address = context.Connection.RemoteIpAddress;
        var agent = context.Request.Headers.UserAgent.ToString();
        return new(
            Place(address),
            agent.Length > LongestAgent ? agent[..LongestAgent] : agent,
            System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier)
        {
            // A proxy on this machine that is not declared as one would make all the world local.
            IsLocal = address is not null && IPAddress.IsLoopback(address)
                && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded"),
        };
    }
}
