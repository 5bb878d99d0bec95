using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Resources;
using Gateway.Policies;
using Gateway.Resources;
using Gateway.Routing;

namespace Gateway.Planning;

/// <summary>Turns one rule of a route into what requests are matched and changed by. A rule that can't be done says so, by an exception that names the field.</summary>
internal sealed class RulePlanner(HttpRoute route, BackendResolver backends)
{
    /// <summary>Longest that a limit may be, as that of a timer.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    /// <summary>Plans a rule.</summary>
    /// <exception cref="UnsupportedRuleException">It asks for something that this gateway does not do.</exception>
    public IReadOnlyList<RouteMatch> Plan(HttpRouteRule rule, int index)
    {
        var field = string.Create(CultureInfo.InvariantCulture, $"rules[{index}]");
        if (rule.SessionPersistence is not null)
        {
            throw new UnsupportedRuleException($"{field}.sessionPersistence: it is not supported; a TrafficPolicy can hash on a cookie");
        }

        var filters = RuleFilters.Read(rule.Filters, backends, $"{field}.filters");
        var planned = new RouteRule
        {
            Id = new(route.Metadata.Key, index, rule.Name),
            RequestHeaders = filters.RequestHeaders,
            ResponseHeaders = filters.ResponseHeaders,
            Redirect = filters.Redirect,
            Rewrite = filters.Rewrite,
            CrossOrigin = filters.CrossOrigin,
            Mirrors = filters.Mirrors,
            Backends = [.. rule.BackendRefs.Select((reference, at) => Backend(reference, string.Create(CultureInfo.InvariantCulture, $"{field}.backendRefs[{at}]")))],
            RequestTimeout = Timeout(rule.Timeouts?.Request, $"{field}.timeouts.request"),
            BackendTimeout = Timeout(rule.Timeouts?.BackendRequest, $"{field}.timeouts.backendRequest"),
            Retries = Retries(rule.Retry, $"{field}.retry"),
        };
        var matches = rule.Matches.Count > 0 ? rule.Matches : [new HttpRouteMatch()];
        var made = route.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue;
        return [.. matches.Select((match, at) => Match(match, planned, made, string.Create(CultureInfo.InvariantCulture, $"{field}.matches[{at}]")))];
    }

    private WeightedBackend Backend(HttpBackendRef reference, string field)
    {
        var filters = RuleFilters.Read(reference.Filters, backends, $"{field}.filters");
        if (filters.IsOfRule)
        {
            throw new UnsupportedRuleException($"{field}.filters: only headers can be edited for one backend; the rest belongs in the rule");
        }

        return new WeightedBackend
        {
            Key = backends.Resolve(reference, field),
            Weight = reference.Weight,
            RequestHeaders = filters.RequestHeaders,
            ResponseHeaders = filters.ResponseHeaders,
        };
    }

    /// <summary>Without a budget: that is a policy's to say.</summary>
    private static RetryOptions? Retries(HttpRouteRetry? retry, string field)
    {
        if (retry is null)
        {
            return null;
        }

        var defaults = new RetryOptions();
        var pause = Timeout(retry.Backoff, $"{field}.backoff") is { } least ? least * 2 : defaults.BackoffBase; // half of it is the shortest
        return defaults with
        {
            Attempts = retry.Attempts ?? defaults.Attempts,
            On = FailureKinds.ConnectFailure | FailureKinds.Reset | FailureKinds.Timeout,
            Statuses = retry.Codes.ToHashSet(),
            BackoffBase = pause,
            BackoffMax = pause > defaults.BackoffMax ? pause : defaults.BackoffMax,
            BudgetPercent = null,
        };
    }

    private static TimeSpan? Timeout(string? text, string field)
    {
        if (text is null)
        {
            return null;
        }

        return KubeDuration.Parse(text) is { } duration && duration <= LongestTimeout
            ? duration
            : throw new UnsupportedRuleException($"{field}: '{text}' is no duration of at most a day");
    }

    private static RouteMatch Match(HttpRouteMatch match, RouteRule rule, DateTimeOffset created, string field) => new()
    {
        Rule = rule,
        RouteCreated = created,
        Method = match.Method,
        Path = Path(match.Path, $"{field}.path"),
        Headers = Values(match.Headers, StringComparer.OrdinalIgnoreCase, $"{field}.headers"),
        Query = Values(match.QueryParams, StringComparer.Ordinal, $"{field}.queryParams"),
    };

    private static PathPattern Path(HttpPathMatch path, string field) => path.Type switch
    {
        HttpPathMatch.Exact => new(PathPatternKind.Exact, path.Value),
        HttpPathMatch.PathPrefix => PathPattern.Prefix(path.Value),
        HttpPathMatch.RegularExpression => new(PathPatternKind.Regex, path.Value, Expression(path.Value, field)),
        _ => throw new UnsupportedRuleException($"{field}.type: {path.Type} is not known"),
    };

    /// <summary>Of entries with the same name the first counts, and the others are passed over.</summary>
    private static List<ValuePattern> Values(IReadOnlyList<HttpValueMatch> matches, StringComparer names, string field) =>
        [.. matches.DistinctBy(match => match.Name, names).Select(match => match.Type switch
        {
            HttpPathMatch.Exact => new ValuePattern(match.Name, match.Value),
            HttpPathMatch.RegularExpression => new ValuePattern(match.Name, match.Value, Expression(match.Value, $"{field}.{match.Name}")),
            _ => throw new UnsupportedRuleException($"{field}.{match.Name}.type: {match.Type} is not known"),
        })];

    private static Regex Expression(string pattern, string field) =>
        SafeRegex.TryCompile(pattern, out var problem) ?? throw new UnsupportedRuleException($"{field}: the expression can't be used: {problem}");
}

/// <summary>A rule asks for something that this gateway does not do; the message names the field.</summary>
internal sealed class UnsupportedRuleException(string message) : Exception(message);
