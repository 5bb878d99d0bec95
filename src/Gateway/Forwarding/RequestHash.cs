using System.Net;
using Gateway.Backends;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Forwarding;

/// <summary>Hashes what equal requests have in common. Those that lack it are spread as if each were a caller of its own address.</summary>
internal static class RequestHash
{
    public static ulong Of(HttpContext context, IPAddress client, BalancingOptions balancing)
    {
        if (balancing.Algorithm != BalancingAlgorithm.ConsistentHash)
        {
            return 0;
        }

        var value = balancing.HashOn switch
        {
            HashOn.Header => context.Request.Headers[balancing.HashName].ToString(),
            HashOn.Cookie => context.Request.Cookies[balancing.HashName] ?? "",
            _ => "",
        };
        return StableHash.Of(value.Length > 0 ? value : client.ToString());
    }
}
