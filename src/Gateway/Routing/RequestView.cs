using Microsoft.AspNetCore.Http;

namespace Gateway.Routing;

/// <summary>What routes look at in a request.</summary>
internal readonly struct RequestView(HttpRequest request)
{
    /// <summary>The path as the server decoded it, with dot segments removed: what is matched is what is meant.</summary>
    public string Path { get; } = request.Path.HasValue ? request.Path.Value! : "/";

    /// <summary>True when all but the path is as the match wants it.</summary>
    public bool Fits(RouteMatch match)
    {
        if (match.Method is not null && match.Method != request.Method)
        {
            return false;
        }

        foreach (var header in match.Headers)
        {
            if (!request.Headers.TryGetValue(header.Name, out var values) || !header.Matches(values.ToString()))
            {
                return false;
            }
        }

        foreach (var parameter in match.Query)
        {
            if (!request.Query.TryGetValue(parameter.Name, out var values) || !parameter.Matches(values.Count > 0 ? values[0] ?? "" : ""))
            {
                return false;
            }
        }

        return true;
    }
}
