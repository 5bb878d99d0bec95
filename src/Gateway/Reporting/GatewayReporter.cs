using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using Gateway.Backends;
using Gateway.Limits;
using Gateway.Policies;

namespace Gateway.Reporting;

/// <summary>Says what circuits and limits are like, to whoever operates the fleet.</summary>
/// <param name="gateway">Name of the gateway.</param>
/// <param name="backends">What was counted.</param>
/// <param name="shortfalls">What can't be done now.</param>
/// <param name="time">Clock.</param>
internal sealed class GatewayReporter(string gateway, BackendDirectory backends, Shortfalls shortfalls, TimeProvider time)
{
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private readonly CallerMask _mask = new();

    public GatewayReport Report()
    {
        var services = backends.Traffic.OrderBy(static traffic => traffic.Service, ObjectKey.ListOrder).ToList();
        return new(gateway, time.GetUtcNow(), _since)
        {
            Circuits = [.. services.Select(static traffic => traffic.Circuit?.Report(traffic.Service.Namespace, traffic.Service.Name)).OfType<CircuitReport>()],
            Shortfalls = [.. shortfalls.All.Select(static entry => new ShortfallReport(entry.Service.Namespace, entry.Service.Name, entry.Message))],
            Limits = [.. services.SelectMany(traffic => traffic.Limits.Select(counters => Limit(traffic.Service, counters)))],
        };
    }

    private LimitReport Limit(ObjectKey service, ILimitCounter counters)
    {
        var (limit, now, utc) = (counters.Limit, time.GetElapsedTime(0), time.GetUtcNow());
        var use = counters.Own.Look(now, LimitReport.MostCallers);
        return new()
        {
            Namespace = service.Namespace,
            Service = service.Name,
            Name = limit.Name,
            Policy = limit.Policy,
            Requests = limit.Requests,
            WindowSeconds = (int)limit.Window.TotalSeconds,
            Burst = limit.Burst,
            By = Key(limit.By),
            ByName = limit.ByName,
            Shadow = limit.Shadow,
            Allowed = use.Allowed,
            Refused = use.Refused,
            Callers = use.Callers,
            Limited = use.Limited,
            Busiest = [.. use.Busiest.Select(entry => new CallerUse(
                _mask.Of(limit, entry.Caller), entry.Use.Used, entry.Use.Allowed, entry.Use.Refused, entry.Use.LastRefused is { } last ? utc - (now - last) : null))],
        };
    }

    private static LimitKeyType Key(RateLimitKey by) => by switch
    {
        RateLimitKey.Address => LimitKeyType.Address,
        RateLimitKey.Header => LimitKeyType.Header,
        RateLimitKey.Claim => LimitKeyType.Claim,
        _ => LimitKeyType.All,
    };
}
