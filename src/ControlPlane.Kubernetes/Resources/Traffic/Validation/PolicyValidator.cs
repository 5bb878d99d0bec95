using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Resources.Traffic.Schemas;

namespace ControlPlane.Kubernetes.Resources.Traffic.Validation;

/// <summary>Checks policies for what their schemas can't say. Pure.</summary>
internal static class PolicyValidator
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IEnumerable<PolicyProblem> Targets(ObjectMeta metadata, IPolicySpec spec)
    {
        for (var i = 0; i < spec.TargetRefs.Count; i++)
        {
            if (spec.TargetRefs[i] is { Kind: PolicyTargetKind.Namespace } target && target.Name != metadata.Namespace)
            {
                yield return new($"spec.targetRefs[{i}].name", $"a policy is the default of its own namespace '{metadata.Namespace}' only; put one into '{target.Name}'");
            }
        }
    }

    public static IEnumerable<PolicyProblem> Traffic(TrafficPolicySpec spec) =>
    [
        .. spec.Routes.SelectMany(static (route, i) => Route(route, $"spec.routes[{i}]")),
        .. Timeouts(spec.Timeouts, "spec.timeouts"),
        .. Retries(spec),
        .. CrossOrigin(spec.Cors),
        .. Tokens(spec.Authentication),
        .. spec.RequestSchemas.SelectMany(static (schema, i) => Schema(schema, $"spec.requestSchemas[{i}]")),
    ];

    private static IEnumerable<PolicyProblem> Schema(RequestSchema schema, string at)
    {
        _ = BodySchemaReader.Read(schema.Schema, $"{at}.schema", out var problems);
        return [.. problems, .. schema.Paths.SelectMany((path, j) => PathPattern(path, $"{at}.paths[{j}]"))];
    }

    public static IEnumerable<PolicyProblem> RateLimit(RateLimitPolicySpec spec) => spec.Limits
        .SelectMany(static (limit, i) => limit.Paths.SelectMany((path, j) => PathPattern(path, $"spec.limits[{i}].paths[{j}]")));

    public static IEnumerable<PolicyProblem> Circuit(CircuitPolicySpec spec) =>
    [
        .. Within(spec.FailureRate?.Window, "spec.failureRate.window", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        .. Within(spec.OpenFor, "spec.openFor", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
        .. Within(spec.Ejection?.Interval, "spec.ejection.interval", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
        .. Within(spec.Ejection?.BaseTime, "spec.ejection.baseTime", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
        .. Within(spec.Fallback?.MaxAge, "spec.fallback.maxAge", TimeSpan.FromSeconds(1), Day),
    ];

    private static IEnumerable<PolicyProblem> Route(TrafficRoute route, string at) =>
    [
        .. route.Matches.SelectMany((match, i) => Match(match, $"{at}.matches[{i}]")),
        .. Timeouts(route.Timeouts, $"{at}.timeouts"),
    ];

    private static IEnumerable<PolicyProblem> Match(RouteMatch match, string at)
    {
        if (match.Path is { } path)
        {
            if (path.Type == PathMatchType.RegularExpression)
            {
                foreach (var problem in Expression(path.Value, $"{at}.path.value"))
                {
                    yield return problem;
                }
            }
            else if (!path.Value.StartsWith('/'))
            {
                yield return new($"{at}.path.value", $"'{path.Value}' is no path: it begins with /");
            }
        }

        foreach (var problem in (IEnumerable<PolicyProblem>)[.. Values(match.Headers, $"{at}.headers"), .. Values(match.QueryParams, $"{at}.queryParams")])
        {
            yield return problem;
        }
    }

    private static IEnumerable<PolicyProblem> Values(IReadOnlyList<ValueMatch> values, string at) => values.SelectMany((value, i) =>
        value.Type == ValueMatchType.RegularExpression ? Expression(value.Value, $"{at}[{i}].value") : []);

    /// <summary>An expression must be matched in time linear in the input (as RE2 does), so that no request can stall a gateway.</summary>
    private static IEnumerable<PolicyProblem> Expression(string expression, string field)
    {
        string? problem = null;
        try
        {
            _ = new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            problem = "needs what can't be matched in linear time (look-around, back-references), or grows too large; write it without";
        }
        catch (ArgumentException e)
        {
            problem = $"is no regular expression: {e.Message}";
        }

        if (problem is not null)
        {
            yield return new(field, problem);
        }
    }

    private static IEnumerable<PolicyProblem> Timeouts(TrafficTimeouts? timeouts, string at)
    {
        if (Duration(timeouts?.Request) is { } request && Duration(timeouts?.BackendRequest) is { } backend && request > TimeSpan.Zero && backend > request)
        {
            yield return new($"{at}.backendRequest", $"one try can't take longer ({timeouts!.BackendRequest}) than the whole request ({timeouts.Request})");
        }
    }

    private static IEnumerable<PolicyProblem> Retries(TrafficPolicySpec spec)
    {
        if (spec.Retries is not { } retries)
        {
            yield break;
        }

        if (Duration(retries.PerTryTimeout) is { } perTry && Duration(spec.Timeouts?.Request) is { } request && request > TimeSpan.Zero && perTry > request)
        {
            yield return new("spec.retries.perTryTimeout", $"one try can't take longer ({retries.PerTryTimeout}) than the whole request ({spec.Timeouts!.Request})");
        }

        if (retries.Backoff is { } backoff && Duration(backoff.Base) > Duration(backoff.Max))
        {
            yield return new("spec.retries.backoff.max", $"the longest pause ({backoff.Max}) is shorter than the first ({backoff.Base})");
        }
    }

    private static IEnumerable<PolicyProblem> CrossOrigin(CrossOrigin? cors)
    {
        if (cors is { AllowCredentials: true } && cors.AllowOrigins.Contains("*"))
        {
            yield return new("spec.cors.allowOrigins", "with allowCredentials, name the origins: browsers refuse * then (Fetch standard, CORS protocol and credentials)");
        }

        foreach (var problem in Within(cors?.MaxAge, "spec.cors.maxAge", TimeSpan.Zero, Day))
        {
            yield return problem;
        }
    }

    private static IEnumerable<PolicyProblem> Tokens(TrafficAuthentication? authentication)
    {
        for (var i = 0; i < authentication?.Jwt.Count; i++)
        {
            var issuer = authentication.Jwt[i];
            if (!Uri.TryCreate(issuer.JwksUri, UriKind.Absolute, out var address) || address.UserInfo.Length > 0)
            {
                yield return new($"spec.authentication.jwt[{i}].jwksUri", $"'{issuer.JwksUri}' is no address of keys (https://…, without user and password)");
            }
            else if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback && !address.Host.EndsWith(".svc", StringComparison.Ordinal) && !address.Host.EndsWith(".svc.cluster.local", StringComparison.Ordinal))
            {
                yield return new($"spec.authentication.jwt[{i}].jwksUri", "keys that come from outside of the cluster in the clear can be swapped on the way; use https");
            }
        }
    }

    private static IEnumerable<PolicyProblem> PathPattern(string path, string field)
    {
        if (path.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star != path.Length - 1)
        {
            yield return new(field, $"'{path}' has a * that is not at its end");
        }
    }

    private static IEnumerable<PolicyProblem> Within(string? duration, string field, TimeSpan least, TimeSpan most)
    {
        if (Duration(duration) is { } value && (value < least || value > most))
        {
            yield return new(field, $"{duration} is not within {Words(least)} and {Words(most)}");
        }
    }

    private static string Words(TimeSpan time) =>
        time == TimeSpan.Zero ? "0s" : time.TotalHours >= 1 ? $"{time.TotalHours:0}h" : time.TotalMinutes >= 1 ? $"{time.TotalMinutes:0}m" : time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0}s" : $"{time.TotalMilliseconds:0}ms";

    private static TimeSpan? Duration(string? text) => text is null ? null : KubeDuration.Parse(text);
}
