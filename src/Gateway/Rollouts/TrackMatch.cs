using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Rollouts;

/// <summary>Whether a request is one of those that a rollout sends to the canary whatever the weight.</summary>
internal static class TrackMatch
{
    /// <summary>True when it has all the headers and all the cookies, of which there must be one at least.</summary>
    public static bool Fits(RolloutMatch match, HttpRequest request)
    {
        foreach (var header in match.Headers)
        {
            if (!request.Headers.TryGetValue(header.Name, out var values) || values.ToString() != header.Value)
            {
                return false;
            }
        }

        foreach (var cookie in match.Cookies)
        {
            if (!HasCookie(request, cookie))
            {
                return false;
            }
        }

        return match.Headers.Count + match.Cookies.Count > 0;
    }

    /// <summary>Compared as it is sent, as other data planes do: nothing is decoded.</summary>
    private static bool HasCookie(HttpRequest request, RolloutMatchValue wanted)
    {
        foreach (var line in request.Headers.Cookie)
        {
            var rest = line.AsSpan();
            foreach (var part in rest.Split(';'))
            {
                var pair = rest[part].Trim();
                var end = pair.IndexOf('=');
                if (end >= 0 && pair[..end].SequenceEqual(wanted.Name) && pair[(end + 1)..].Trim('"').SequenceEqual(wanted.Value))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
