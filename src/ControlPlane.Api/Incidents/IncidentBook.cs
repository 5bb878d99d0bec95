using System.Globalization;
using System.Net;
using ControlPlane.Api.Live;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Incidents;

/// <summary>The incidents, in the store. Who may do what is for <see cref="IncidentCommands"/> and <see cref="IncidentQuery"/> to say.</summary>
public sealed class IncidentBook(IDbContextFactory<ControlPlaneContext> store, TimeProvider time)
{
    /// <summary>How old what is known of open incidents may be: another replica may have taken one.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private (DateTimeOffset At, IReadOnlyList<Incident> Open)? _known;

    /// <summary>Which incidents have something new about them, of what was written here.</summary>
    public ChangeFeed<long> Changes { get; } = new();

    /// <summary>Takes a new incident, with the first note.</summary>
    internal async Task<Incident> AddAsync(Incident incident, IncidentNote first, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        incident.Add(first);
        context.Add(incident);
        await context.SaveChangesAsync(cancellationToken);
        return Told(incident);
    }

    /// <summary>Adds a note to an open incident; one that resolves it closes it.</summary>
    /// <exception cref="RequestException">There is no such incident, or it is resolved.</exception>
    internal async Task<Incident> AddAsync(long number, IncidentNote note, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var incident = await WithTimeline(context).FirstOrDefaultAsync(incident => incident.Number == number, cancellationToken) ?? throw Unknown(number);
        if (incident.ResolvedAt is not null)
        {
            throw new RequestException(HttpStatusCode.Conflict, "number", $"{incident.Id} is resolved: declare another if it is back");
        }

        incident.Add(note);
        context.Entry(note).State = EntityState.Added; // its id was made before, by which Entity Framework would take it for one that is stored
        if (note.Type == IncidentNoteType.Resolved)
        {
            (incident.ResolvedAt, incident.ResolvedBy) = (note.At, note.By);
        }

        await context.SaveChangesAsync(cancellationToken);
        return Told(incident);
    }

    /// <summary>One, with its timeline; null when there is none of the number.</summary>
    internal async Task<Incident?> FindAsync(long number, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        return await WithTimeline(context).AsNoTracking().FirstOrDefaultAsync(incident => incident.Number == number, cancellationToken);
    }

    /// <summary>The open one that a source opened; null when there is none.</summary>
    internal async Task<Incident?> FindOpenAsync(string source, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        return await context.Set<Incident>().AsNoTracking().OrderBy(static incident => incident.Number)
            .FirstOrDefaultAsync(incident => incident.ResolvedAt == null && incident.Source == source, cancellationToken);
    }

    /// <summary>True when a note is there already.</summary>
    internal async Task<bool> HasNoteAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        return await context.Set<IncidentNote>().AnyAsync(note => note.Id == id, cancellationToken);
    }

    /// <summary>All of a state, the newest first, without timelines.</summary>
    /// <param name="isOpen">True for those that are open, false for those that are resolved; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<IReadOnlyList<Incident>> ListAsync(bool? isOpen, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        return await context.Set<Incident>().AsNoTracking()
            .Where(incident => isOpen == null || (incident.ResolvedAt == null) == isOpen)
            .OrderByDescending(static incident => incident.Number)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Those that are open, as they were at most five seconds ago.</summary>
    internal async ValueTask<IReadOnlyList<Incident>> OpenAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && time.GetUtcNow() - known.At < Fresh)
        {
            return known.Open;
        }

        var (at, open) = (time.GetUtcNow(), await ListAsync(isOpen: true, cancellationToken));
        _known = (at, open);
        return open;
    }

    /// <summary>Does something, unless another replica is telling incidents something just now.</summary>
    /// <returns>False when another one is: nothing was done.</returns>
    internal Task<bool> TryInTurnAsync(Func<Task> act, CancellationToken cancellationToken) => store.TryInTurnAsync("dabbawala incidents", act, cancellationToken);

    internal static RequestException Unknown(long number) =>
        new(HttpStatusCode.NotFound, "number", string.Create(CultureInfo.InvariantCulture, $"there is no incident INC-{number}, or it is not yours to see"));

    private static IQueryable<Incident> WithTimeline(ControlPlaneContext context) => context.Set<Incident>().Include(static incident => incident.Timeline);

    private Incident Told(Incident incident)
    {
        _known = null;
        Changes.Publish(incident.Number);
        return incident;
    }
}
