using ControlPlane.Kubernetes.Resources;
using Gateway.Circuits;
using Gateway.Forwarding;
using Gateway.Limits;
using Gateway.Limits.Shared;
using Gateway.Policies;
using Gateway.Reporting;
using Gateway.Rollouts;

namespace Gateway.Backends;

/// <summary>What holds for a Service, with what was counted for it so far.</summary>
/// <param name="service">The Service.</param>
/// <param name="store">Where gateways count together; null for nowhere.</param>
/// <param name="shortfalls">Told while a gateway counts alone what all should count together.</param>
/// <param name="time">Clock.</param>
internal sealed class ServiceTraffic(ObjectKey service, SharedStore? store, Shortfalls shortfalls, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly RetryBudget _budget = new();
    private readonly RetryBudget _trialBudget = new();
    private volatile State _state = new(ServicePolicy.Default, null, new RequestPool(new PoolOptions()), new RequestPool(new PoolOptions()), []);

    public ObjectKey Service { get; } = service;

    /// <summary>Its name, made once: every request is counted under it.</summary>
    public string Name { get; } = service.ToString();

    /// <summary>Its last good answers, where its policy wants them kept.</summary>
    public LastGoodAnswers LastGood { get; } = new();

    public ServicePolicy Policy => _state.Policy;

    /// <summary>The circuit; null when none was declared.</summary>
    public CircuitBreaker? Circuit => _state.Circuit;

    public RequestPool Pool => _state.Pool;

    /// <summary>That of requests to a canary on trial: one that hangs keeps nobody else waiting.</summary>
    public RequestPool TrialPool => _state.TrialPool;

    public IReadOnlyList<ILimitCounter> Limits => _state.Limits;

    /// <summary>The retries that the requests of a track have together: those of a canary on trial take nothing from the others.</summary>
    public RetryBudget BudgetOf(TrackDraw track) => track == TrackDraw.Trial ? _trialBudget : _budget;

    /// <summary>Where the requests of a track wait for their turn.</summary>
    public RequestPool PoolOf(TrackDraw track) => track == TrackDraw.Trial ? TrialPool : Pool;

    /// <summary>Follows the policy, if it is another one. What did not change keeps what was counted.</summary>
    /// <returns>True when it is another one.</returns>
    public bool Use(ServicePolicy policy)
    {
        if (ReferenceEquals(_state.Policy, policy))
        {
            return false;
        }

        lock (_gate)
        {
            var before = _state;
            _state = new State(policy, CircuitOf(policy, before), PoolOf(policy, before, before.Pool), PoolOf(policy, before, before.TrialPool), [.. policy.Limits.Select(limit => CountersOf(limit, before))]);
        }

        return true;
    }

    private CircuitBreaker? CircuitOf(ServicePolicy policy, State before)
    {
        if (policy.Circuit is not { } options)
        {
            return null;
        }

        before.Circuit?.Use(options);
        return before.Circuit ?? new CircuitBreaker(options, time);
    }

    /// <summary>A new pool begins empty: who is in the old one leaves the old one.</summary>
    private static RequestPool PoolOf(ServicePolicy policy, State before, RequestPool pool)
    {
        var wanted = policy.Circuit?.Pool ?? new PoolOptions();
        return wanted == (before.Policy.Circuit?.Pool ?? new PoolOptions()) ? pool : new RequestPool(wanted);
    }

    private ILimitCounter CountersOf(RateLimit limit, State before)
    {
        var own = before.Limits.FirstOrDefault(counter => Counts(counter.Limit, limit)) is { } kept ? kept.Own.With(limit) : new LimitCounters(limit);
        return limit.Shared ? new SharedCounters(Service, own, store, shortfalls) : own;
    }

    private static bool Counts(RateLimit a, RateLimit b) =>
        a.Name == b.Name && a.Requests == b.Requests && a.Window == b.Window && a.Burst == b.Burst && a.By == b.By && a.ByName == b.ByName;

    private sealed record State(ServicePolicy Policy, CircuitBreaker? Circuit, RequestPool Pool, RequestPool TrialPool, IReadOnlyList<ILimitCounter> Limits);
}
