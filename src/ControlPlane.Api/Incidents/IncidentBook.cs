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

    private volatile Known? _known;

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

    /// <summary>Adds a note to an open incident; one that resolves it closes it, whoever else is about to.</summary>
    /// <exception cref="RequestException">There is no such incident, or it is resolved.</exception>
    internal async Task<Incident> AddAsync(long number, IncidentNote note, CancellationToken cancellationToken)
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var open = context.Set<Incident>().Where(incident => incident.Number == number && incident.ResolvedAt == null);
        var isOpen = note.Type == IncidentNoteType.Resolved
            ? await open.ExecuteUpdateAsync(set => set.SetProperty(static incident => incident.ResolvedAt, note.At).SetProperty(static incident => incident.ResolvedBy, note.By), cancellationToken) > 0
            : await open.AnyAsync(cancellationToken);
        if (!isOpen)
        {
            throw await FindAsync(number, cancellationToken) is { } resolved
                ? new RequestException(HttpStatusCode.Conflict, "number", $"{resolved.Id} is resolved: declare another if it is back")
                : Unknown(number);
        }

        context.Add(note).Property(IncidentTables.Number).CurrentValue = number;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Told((await FindAsync(number, cancellationToken))!);
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

        var at = time.GetUtcNow();
        var now = new Known(at, await ListAsync(isOpen: true, cancellationToken));
        _known = now;
        return now.Open;
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

    private sealed record Known(DateTimeOffset At, IReadOnlyList<Incident> Open);
}
