using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using ControlPlane.Kubernetes.Resources.Traffic.Schemas;
using Kinds = ControlPlane.Kubernetes.Resources.Traffic;

namespace Gateway.Policies.Declared;

/// <summary>From what all policies that reach a service say together to what the gateway does. Pure; what is absent gets the default that the schema names.</summary>
internal static class PolicyTranslation
{
    /// <param name="effective">What they say.</param>
    /// <param name="dependents">Services that declare this one in <c>dependsOn</c>.</param>
    public static ServicePolicy Of(EffectivePolicy effective, IEnumerable<ObjectKey> dependents) => effective.IsEmpty ? ServicePolicy.Default : new()
    {
        Traffic = Traffic(effective.Traffic),
        Authentication = effective.Traffic.Authentication is { } authentication ? Authentication(authentication, effective) : null,
        Access = effective.Traffic is { Access: { } access, Authentication: not null } ? Access(access, effective, dependents) : null, // who shows nothing can't be told apart
        Bodies = [.. effective.Traffic.RequestSchemas.Select(schema => Body(schema, effective)).OfType<BodyCheck>()],
        Limits = [.. effective.RateLimit.Limits.Select(limit => Limit(limit, effective))],
        Circuit = Circuit(effective),
    };

    private static TrafficOptions Traffic(TrafficPolicySpec spec) => new()
    {
        RequestTimeout = Time(spec.Timeouts?.Request),
        TryTimeout = Time(spec.Retries?.PerTryTimeout) ?? Time(spec.Timeouts?.BackendRequest),
        Retries = spec.Retries is { Attempts: > 0 } retries ? Retries(retries) : null,
        Balancing = spec.LoadBalancing is { } balancing ? Balancing(balancing) : new(),
        MaxRequestBytes = spec.MaxRequestBytes,
        HttpsRedirect = spec.HttpsRedirect == true,
        CrossOrigin = spec.Cors is { } cors ? Rules(cors) : null,
        RequestHeaders = Edits(spec.RequestHeaders),
        ResponseHeaders = Edits(spec.ResponseHeaders),
    };

    private static AuthenticationOptions Authentication(TrafficAuthentication authentication, EffectivePolicy effective) => new()
    {
        Policy = PolicyOf(effective, "spec.authentication"),
        Issuers =
        [
            .. authentication.Jwt.Select(static issuer => new TokenIssuerOptions(
                issuer.Issuer, new Uri(issuer.JwksUri), issuer.Audiences, [.. issuer.ClaimToHeaders.Select(static pair => KeyValuePair.Create(pair.Header, pair.Claim))])),
        ],
        Keys = authentication.ApiKey is { } keys ? new(keys.Header, new(effective.Service.Namespace, keys.SecretName)) : null,
    };

    private static AccessOptions Access(TrafficAccess access, EffectivePolicy effective, IEnumerable<ObjectKey> dependents) => new(
        PolicyOf(effective, "spec.access"),
        [
            .. access.Dependents ? [new AccessGrant { Callers = dependents.ToHashSet() }] : (IEnumerable<AccessGrant>)[],
            .. access.Allow.Select(rule => new AccessGrant
            {
                Callers = rule.From.Select(caller => new ObjectKey(caller.Namespace.Length > 0 ? caller.Namespace : effective.Service.Namespace, caller.Service)).ToHashSet(),
                Methods = rule.Methods,
                Paths = rule.Paths,
            }),
        ]);

    /// <summary>A schema that can't be read was refused with its policy.</summary>
    private static BodyCheck? Body(RequestSchema schema, EffectivePolicy effective) => BodySchemaReader.Read(schema.Schema, "spec.requestSchemas", out _) is { } read
        ? new(schema.Name, PolicyOf(effective, $"spec.requestSchemas[{schema.Name}]"), schema.Methods.Count > 0 ? schema.Methods : BodyCheck.DefaultMethods, schema.Paths, read)
        : null;

    private static string PolicyOf(EffectivePolicy effective, string field) => effective.Settings.FirstOrDefault(setting => setting.Field == field)?.From.Key.ToString() ?? "";

    private static RetryOptions Retries(TrafficRetries retries)
    {
        var defaults = new RetryOptions();
        return new()
        {
            Attempts = retries.Attempts,
            On = retries.Conditions.Count > 0 ? Failures(retries.Conditions) : defaults.On,
            Methods = retries.Methods.Count > 0 ? retries.Methods.ToHashSet(StringComparer.Ordinal) : defaults.Methods,
            BackoffBase = Time(retries.Backoff?.Base) ?? defaults.BackoffBase,
            BackoffMax = Time(retries.Backoff?.Max) ?? defaults.BackoffMax,
            BudgetPercent = retries.Budget?.Percent ?? defaults.BudgetPercent,
            BudgetMinimumPerSecond = retries.Budget?.MinimumPerSecond ?? defaults.BudgetMinimumPerSecond,
        };
    }

    private static BalancingOptions Balancing(LoadBalancing balancing) => new()
    {
        Algorithm = balancing.Algorithm switch
        {
            Kinds.BalancingAlgorithm.LeastRequest => BalancingAlgorithm.LeastRequest,
            Kinds.BalancingAlgorithm.Random => BalancingAlgorithm.Random,
            Kinds.BalancingAlgorithm.ConsistentHash => BalancingAlgorithm.ConsistentHash,
            _ => BalancingAlgorithm.RoundRobin,
        },
        HashOn = balancing.HashOn?.Type switch
        {
            HashSourceType.Header => HashOn.Header,
            HashSourceType.Cookie => HashOn.Cookie,
            _ => HashOn.Address,
        },
        HashName = balancing.HashOn?.Name ?? "",
    };

    private static CrossOriginRules Rules(CrossOrigin cors) => new()
    {
        AllowOrigins = cors.AllowOrigins,
        AllowMethods = cors.AllowMethods,
        AllowHeaders = cors.AllowHeaders,
        ExposeHeaders = cors.ExposeHeaders,
        AllowCredentials = cors.AllowCredentials,
        MaxAge = Time(cors.MaxAge) ?? TimeSpan.FromSeconds(5),
    };

    private static RateLimit Limit(RequestLimit limit, EffectivePolicy effective) => new()
    {
        Name = limit.Name,
        Policy = PolicyOf(effective, $"spec.limits[{limit.Name}]"),
        Requests = limit.Requests,
        Window = limit.Per switch
        {
            LimitWindow.Minute => TimeSpan.FromMinutes(1),
            LimitWindow.Hour => TimeSpan.FromHours(1),
            LimitWindow.Day => TimeSpan.FromDays(1),
            _ => TimeSpan.FromSeconds(1),
        },
        Burst = limit.Burst,
        By = limit.By.Type switch
        {
            LimitKeyType.Address => RateLimitKey.Address,
            LimitKeyType.Header => RateLimitKey.Header,
            LimitKeyType.Claim => RateLimitKey.Claim,
            _ => RateLimitKey.All,
        },
        ByName = limit.By.Name ?? "",
        Methods = limit.Methods,
        Paths = limit.Paths,
        Shared = effective.RateLimit.Counter == LimitCounter.Shared,
        Shadow = effective.RateLimit.Shadow == true,
        Headers = effective.RateLimit.Headers != false,
    };

    private static CircuitOptions? Circuit(EffectivePolicy effective)
    {
        var settings = effective.Settings.Where(static setting => setting.From.Kind == CircuitPolicy.ResourceType.Kind).ToList();
        if (settings.Count == 0)
        {
            return null;
        }

        var force = settings.Find(static setting => setting.Field == "spec.force");
        var declared = settings.Find(setting => setting != force);
        var (spec, defaults) = (effective.Circuit, new CircuitOptions());
        return new()
        {
            Policy = (declared ?? force)!.From.Key.ToString(),
            ConsecutiveErrors = spec.ConsecutiveErrors ?? (spec.FailureRate is null && declared is not null ? 5 : null), // who only forces gives no circuit for the time after
            FailureRate = spec.FailureRate is { } rate ? new(rate.Percent, rate.MinimumRequests, Time(rate.Window) ?? TimeSpan.FromSeconds(30)) : null,
            CountAsError = spec.CountAsError is { Count: > 0 } kinds ? Failures(kinds) : defaults.CountAsError,
            OpenFor = Time(spec.OpenFor) ?? defaults.OpenFor,
            Probes = spec.HalfOpen?.Probes ?? defaults.Probes,
            Successes = spec.HalfOpen?.Successes ?? defaults.Successes,
            Ejection = spec.Ejection is { } ejection ? new(ejection.ConsecutiveErrors, Time(ejection.BaseTime) ?? TimeSpan.FromSeconds(30), ejection.MaxPercent) : null,
            Pool = new() { MaxConnections = spec.Pool?.MaxConnections, MaxRequests = spec.Pool?.MaxRequests, MaxPending = spec.Pool?.MaxPending },
            Fallback = spec.Fallback is { Type: FallbackType.Static, Response: { } response } ? new(response.Status, response.ContentType, response.Body) : null,
            LastGoodMaxAge = spec.Fallback is { Type: FallbackType.LastGood } lastGood ? Time(lastGood.MaxAge) : null,
            Forced = spec.Force is { } forced ? new(forced.State == ForcedCircuitState.Open, forced.Until, forced.Reason, force!.From.Key.ToString()) : null,
        };
    }

    private static FailureKinds Failures(IEnumerable<FailureKind> kinds) => kinds.Aggregate(FailureKinds.None, static (all, kind) => all | kind switch
    {
        FailureKind.ServerError => FailureKinds.ServerError,
        FailureKind.GatewayError => FailureKinds.GatewayError,
        FailureKind.ConnectFailure => FailureKinds.ConnectFailure,
        FailureKind.Reset => FailureKinds.Reset,
        _ => FailureKinds.Timeout,
    });

    private static HeaderEdits Edits(Kinds.HeaderEdits? edits) => edits is null ? HeaderEdits.None : new(Pairs(edits.Set), Pairs(edits.Add), edits.Remove);

    private static List<KeyValuePair<string, string>> Pairs(IReadOnlyList<HeaderValue> headers) => [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))];

    private static TimeSpan? Time(string? text) => text is null ? null : KubeDuration.Parse(text);
}
