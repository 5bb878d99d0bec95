using ControlPlane.Api.Access;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Cluster;

namespace ControlPlane.Api.Incidents;

/// <summary>Which incidents a list shows, and in which order.</summary>
/// <param name="IsOpen">True for those that are open, false for those that are resolved; null for all.</param>
/// <param name="Severities">Severities; empty for all.</param>
/// <param name="Service">One of its services, as <c>namespace/name</c>; null for any.</param>
/// <param name="Text">Words that number, title and services contain; null for any.</param>
/// <param name="Sort"><c>number</c>, <c>severity</c> or <c>resolved</c>; with a minus in front the other way round.</param>
public sealed record IncidentFilter(bool? IsOpen = null, IReadOnlyCollection<IncidentSeverity>? Severities = null, string? Service = null, string? Text = null, string Sort = "-number");

/// <summary>An incident, as lists show it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Id">What people call it.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Title">What is wrong.</param>
/// <param name="Services">Services that it concerns.</param>
/// <param name="Source">What opened it; null when a person did.</param>
/// <param name="DeclaredAt">When it was declared (UTC).</param>
/// <param name="DeclaredBy">Opaque id of who declared it.</param>
/// <param name="ResolvedAt">When it was resolved (UTC); null while it is open.</param>
/// <param name="ResolvedBy">Opaque id of who resolved it; null while it is open.</param>
public sealed record IncidentSummary(
    long Number, string Id, IncidentSeverity Severity, string Title, IReadOnlyList<string> Services, string? Source, DateTimeOffset DeclaredAt, string DeclaredBy, DateTimeOffset? ResolvedAt, string? ResolvedBy)
{
    internal static IncidentSummary Of(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return new(
            incident.Number, incident.Id, incident.Severity, incident.Title, incident.Services, incident.Source, incident.DeclaredAt, incident.DeclaredBy, incident.ResolvedAt, incident.ResolvedBy);
    }
}

/// <summary>Lists of incidents, and one with its timeline: those that the caller may see, who may see one of their services.</summary>
public sealed class IncidentQuery
{
    private readonly FleetCaches _caches;
    private readonly IncidentBook _book;
    private readonly Authorizer _authorizer;

    internal IncidentQuery(FleetCaches caches, IncidentBook book, Authorizer authorizer) => (_caches, _book, _authorizer) = (caches, book, authorizer);

    /// <summary>A page of incidents.</summary>
    /// <exception cref="AccessException">The caller may see none at all.</exception>
    /// <exception cref="RequestException">A word has a value that it can't have.</exception>
    public async Task<ListPage<IncidentSummary>> ListAsync(IncidentFilter filter, string? cursor, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var scope = _authorizer.DemandSomewhere(Permissions.ReadIncidents);
        var incidents = (await _book.ListAsync(filter.IsOpen, cancellationToken)).Where(incident => IsVisible(incident, scope) && Matches(incident, filter));
        return Sorted(incidents, filter.Sort).Select(IncidentSummary.Of).ToList().Page(cursor, limit);
    }

    /// <summary>One with its timeline; null when there is none that the caller may see.</summary>
    /// <exception cref="AccessException">The caller may see none at all.</exception>
    public async Task<Incident?> FindAsync(long number, CancellationToken cancellationToken)
    {
        var scope = _authorizer.DemandSomewhere(Permissions.ReadIncidents);
        return await _book.FindAsync(number, cancellationToken) is { } incident && IsVisible(incident, scope) ? incident : null;
    }

    private bool IsVisible(Incident incident, AccessScope scope) => scope.IsEverywhere || incident.Services.Select(IncidentServiceKey.Of)
        .Any(service => scope.Includes(service.Namespace, _caches.Services.Cache.Find(service)?.Spec.Owner.Team));

    private static bool Matches(Incident incident, IncidentFilter filter) =>
        (filter.Severities is not { Count: > 0 } severities || severities.Contains(incident.Severity))
        && (filter.Service is not { Length: > 0 } service || incident.Services.Contains(service))
        && (filter.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
            incident.Services.Append(incident.Id).Append(incident.Title).Any(part => part.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<Incident> Sorted(IEnumerable<Incident> incidents, string sort) => sort switch
    {
        "number" => incidents.OrderBy(static incident => incident.Number),
        "-number" => incidents.OrderByDescending(static incident => incident.Number),
        "severity" => incidents.OrderBy(static incident => incident.Severity).ThenByDescending(static incident => incident.Number),
        "-severity" => incidents.OrderByDescending(static incident => incident.Severity).ThenByDescending(static incident => incident.Number),
        "resolved" => incidents.OrderBy(static incident => incident.ResolvedAt).ThenBy(static incident => incident.Number),
        "-resolved" => incidents.OrderByDescending(static incident => incident.ResolvedAt).ThenByDescending(static incident => incident.Number),
        _ => throw RequestException.BadParameter("sort", "sort is one of number, severity, resolved; with a minus in front descending"),
    };
}
