using System.Data.Common;
using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Rollouts.Holds;

namespace ControlPlane.Api.Incidents;

/// <summary>Holds rollouts of a service while an incident of P0 or P1 is open on it, or on a service that it depends on: nobody changes what burns, or what hangs on it.</summary>
internal sealed class IncidentHolds(IncidentBook book) : IRolloutHolds
{
    public async ValueTask<IReadOnlyList<RolloutHold>> FindAsync(CanaryRollout rollout, IReadOnlyList<ManagedService> services, CancellationToken cancellationToken)
    {
        IReadOnlyList<Incident> open;
        try
        {
            open = await book.OpenAsync(cancellationToken);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException { InnerException: DbException })
        {
            return rollout.Status?.Holds.Where(static hold => hold.Type == RolloutHoldTypes.Incident).ToList() ?? []; // what was known last; not to know is no reason to stop
        }

        return [.. open.Where(static incident => incident.Severity <= IncidentSeverity.P1).SelectMany(incident => Of(incident, services).Take(1))];
    }

    /// <summary>What an incident says against services: one hold for each of them, those of their own first.</summary>
    private static IEnumerable<RolloutHold> Of(Incident incident, IReadOnlyList<ManagedService> services) =>
        services.Where(service => incident.Services.Contains(service.Metadata.Key.ToString())).Select(service => Hold(incident, $"on {service.Metadata.Name}"))
            .Concat(services.SelectMany(service => service.Spec.DependsOn
                .Select(dependency => dependency.KeyFrom(service))
                .Where(dependency => incident.Services.Contains(dependency.ToString()))
                .Select(dependency => Hold(incident, $"on {dependency}, on which {service.Metadata.Name} depends"))));

    private static RolloutHold Hold(Incident incident, string where) => new()
    {
        Type = RolloutHoldTypes.Incident,
        Message = string.Create(CultureInfo.InvariantCulture, $"{incident.Id} of {incident.Severity} is open {where}"),
    };
}
