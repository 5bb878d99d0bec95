using ControlPlane.Api.Access;
using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;

namespace ControlPlane.Api.Traffic.Limits;

/// <summary>The limits that the caller may see, and the gateways that say nothing of theirs.</summary>
/// <param name="Limits">The limits, in no order.</param>
/// <param name="Gateways">Gateways that answered.</param>
/// <param name="Silent">Gateways that did not: how far limits are used there is not known.</param>
/// <param name="Shortfalls">What gateways can't do now of what policies say.</param>
public sealed record LimitList(IReadOnlyList<LimitSummary> Limits, int Gateways, IReadOnlyList<SilentGateway> Silent, IReadOnlyList<GatewayShortfall> Shortfalls);

/// <summary>The limits that policies declare, with their use at the gateways.</summary>
public sealed class LimitQuery
{
    private readonly GuardedServices _services;
    private readonly GatewayReports _gateways;
    private readonly Authorizer _authorizer;

    internal LimitQuery(GuardedServices services, GatewayReports gateways, Authorizer authorizer) => (_services, _gateways, _authorizer) = (services, gateways, authorizer);

    /// <summary>All limits that the caller may see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public async Task<LimitList> ListAsync(CancellationToken cancellationToken)
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadServices);
        var answers = await _gateways.ReadAsync(cancellationToken);
        var reports = answers.Reports
            .SelectMany(static report => report.Limits.Select(limit => (report.Gateway, Limit: limit)))
            .ToLookup(static entry => (new ObjectKey(entry.Limit.Namespace, entry.Limit.Service), entry.Limit.Name));
        var visible = _services.All().Where(service => scope.Includes(service.Key.Namespace, service.Team));
        return new(
            [.. visible.SelectMany(service => service.Policy.RateLimit.Limits.Select(limit => Of(service, limit, [.. reports[(service.Service.Front, limit.Name)]])))],
            answers.Reports.Count,
            answers.Silent,
            _services.Shortfalls(answers, scope));
    }

    private static LimitSummary Of(GuardedService service, RequestLimit limit, IReadOnlyList<(string Gateway, LimitReport Limit)> said)
    {
        var busiest = said
            .SelectMany(static entry => entry.Limit.Busiest.Select(caller => new LimitedCaller(entry.Gateway, caller.Caller, caller.Used, caller.Allowed, caller.Refused, caller.LastRefused)))
            .OrderByDescending(static caller => caller.Use)
            .Take(LimitReport.MostCallers)
            .ToList();
        var (limited, shadow) = (said.Sum(static entry => entry.Limit.Limited), service.Policy.RateLimit.Shadow == true);
        return new()
        {
            Namespace = service.Key.Namespace,
            Service = service.Key.Name,
            Team = service.Team,
            Name = limit.Name,
            Policy = service.LimitPolicyName(limit.Name),
            State = said.Count == 0 ? LimitStanding.Unseen : limited == 0 ? LimitStanding.Within : shadow ? LimitStanding.Watching : LimitStanding.Refusing,
            Requests = limit.Requests,
            Per = limit.Per,
            Burst = limit.Burst,
            By = limit.By.Type,
            ByName = limit.By.Name,
            Shadow = shadow,
            Use = busiest.Count == 0 ? 0 : busiest[0].Use,
            Allowed = said.Sum(static entry => entry.Limit.Allowed),
            Refused = said.Sum(static entry => entry.Limit.Refused),
            Callers = said.Sum(static entry => entry.Limit.Callers),
            Limited = limited,
            Busiest = busiest,
        };
    }
}
