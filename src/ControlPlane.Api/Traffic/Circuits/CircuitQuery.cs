using ControlPlane.Api.Access;
using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;

namespace ControlPlane.Api.Traffic.Circuits;

/// <summary>The circuits that the caller may see, and the gateways that say nothing of theirs.</summary>
/// <param name="Circuits">The circuits, in no order.</param>
/// <param name="Gateways">Gateways that answered.</param>
/// <param name="Silent">Gateways that did not: what circuits do there is not known.</param>
/// <param name="Shortfalls">What gateways can't do now of what policies say.</param>
public sealed record CircuitList(IReadOnlyList<CircuitSummary> Circuits, int Gateways, IReadOnlyList<SilentGateway> Silent, IReadOnlyList<GatewayShortfall> Shortfalls);

/// <summary>The circuits that policies declare, with their states at the gateways.</summary>
public sealed class CircuitQuery
{
    private readonly GuardedServices _services;
    private readonly GatewayReports _gateways;
    private readonly Authorizer _authorizer;
    private readonly TimeProvider _time;

    internal CircuitQuery(GuardedServices services, GatewayReports gateways, Authorizer authorizer, TimeProvider time) =>
        (_services, _gateways, _authorizer, _time) = (services, gateways, authorizer, time);

    /// <summary>All circuits that the caller may see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public async Task<CircuitList> ListAsync(CancellationToken cancellationToken)
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadServices);
        var answers = await _gateways.ReadAsync(cancellationToken);
        var reports = answers.Reports
            .SelectMany(static report => report.Circuits.Select(circuit => (Report: report, Circuit: circuit)))
            .ToLookup(static entry => new ObjectKey(entry.Circuit.Namespace, entry.Circuit.Service));
        var visible = _services.All().Where(service => service.HasCircuit && scope.Includes(service.Key.Namespace, service.Team));
        return new([.. visible.Select(service => Of(service, reports[service.Service.Front]))], answers.Reports.Count, answers.Silent, _services.Shortfalls(answers, scope));
    }

    /// <summary>The circuit of a service; null when it has none, is not declared, or not for the caller to see.</summary>
    /// <exception cref="AccessException">The caller may see no service at all.</exception>
    public async Task<CircuitSummary?> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadServices);
        if (_services.Find(key) is not { HasCircuit: true } service || !scope.Includes(key.Namespace, service.Team))
        {
            return null;
        }

        var answers = await _gateways.ReadAsync(cancellationToken);
        return Of(service, answers.Reports.SelectMany(report => report.Circuits
            .Where(circuit => new ObjectKey(circuit.Namespace, circuit.Service) == service.Service.Front)
            .Select(circuit => (report, circuit))));
    }

    private CircuitSummary Of(GuardedService service, IEnumerable<(GatewayReport Report, CircuitReport Circuit)> said)
    {
        List<CircuitAtGateway> gateways =
        [
            .. said.Select(static entry => new CircuitAtGateway(
                entry.Report.Gateway, entry.Circuit.State, entry.Circuit.Since, entry.Circuit.Until, entry.Report.Since, entry.Report.At, entry.Circuit.History)),
        ];
        var worst = gateways.OrderBy(static gateway => Standing(gateway.State)).ThenBy(static gateway => gateway.Since).FirstOrDefault();
        return new()
        {
            Namespace = service.Key.Namespace,
            Service = service.Key.Name,
            Team = service.Team,
            Tier = service.Service.Spec.Tier,
            Policy = service.CircuitPolicyName,
            State = worst is null ? CircuitStanding.Unseen : Standing(worst.State),
            Since = worst?.Since,
            Until = worst?.Until,
            Reason = worst?.History is [.., { } last] ? last.Reason : null,
            Force = ForceOf(service),
            Changes = gateways.Sum(static gateway => gateway.History.Count),
            Gateways = gateways,
        };
    }

    private CircuitForce? ForceOf(GuardedService service) => service is { Force.From: { } from, Policy.Circuit.Force: { } force } && force.Until > _time.GetUtcNow()
        ? new(force.State == ForcedCircuitState.Open, force.Until, force.Reason, from.Key.Name, from.Key.Name == ForcedCircuits.NameFor(service.Key.Name))
        : null;

    private static CircuitStanding Standing(CircuitState state) => state switch
    {
        CircuitState.Open => CircuitStanding.Open,
        CircuitState.ForcedOpen => CircuitStanding.ForcedOpen,
        CircuitState.HalfOpen => CircuitStanding.HalfOpen,
        CircuitState.ForcedClosed => CircuitStanding.ForcedClosed,
        _ => CircuitStanding.Closed,
    };
}
