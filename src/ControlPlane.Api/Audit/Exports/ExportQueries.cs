using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Live;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Audit.Exports;

/// <summary>Lists exports, says what one would hold, and gives their files out. Who may export in some namespaces sees the exports of these.</summary>
public sealed class ExportQueries(IDbContextFactory<ControlPlaneContext> store, IAuditReader reader, Authorizer authorizer, ExportOptions options, ExportFeed feed)
{
    /// <summary>Tells which exports changed.</summary>
    public ChangeFeed<Guid> Changes => feed.Changes;

    /// <summary>How many entries an export would hold, counted up to <see cref="AuditSearch.CountedAtMost"/>.</summary>
    /// <exception cref="AccessException">The caller may not export that.</exception>
    public async Task<int> PreviewAsync(ExportQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        authorizer.Demand(Permissions.ExportAudit, query.Namespace);
        return await reader.CountAsync(query.ToAuditQuery(), AuditSearch.CountedAtMost, cancellationToken);
    }

    /// <summary>A page of exports, newest first.</summary>
    /// <param name="cursor">Where the page begins; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessException">The caller may not export anything.</exception>
    public async Task<ListPage<ExportJob>> ListAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        var namespaces = authorizer.DemandNamespaces(Permissions.ExportAudit);
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var jobs = context.Set<ExportJob>().AsNoTracking();
        jobs = namespaces is null ? jobs : jobs.Where(job => job.Namespace != null && namespaces.Contains(job.Namespace));
        return await jobs.OrderByDescending(job => job.RequestedAt).ThenBy(job => job.Id).PageAsync(cursor, limit, static job => job, cancellationToken);
    }

    /// <summary>One export; null when there is none that the caller may see.</summary>
    /// <exception cref="AccessException">The caller may not export anything.</exception>
    public async Task<ExportJob?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        authorizer.DemandNamespaces(Permissions.ExportAudit);
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var job = await context.Set<ExportJob>().AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, cancellationToken);
        return job is not null && authorizer.May(Permissions.ExportAudit, job.Namespace) ? job : null;
    }

    /// <summary>The file of a finished export; null when it is not there (any more).</summary>
    public string? FileOf(ExportJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var file = options.FileOf(job.Id);
        return job.State == ExportState.Done && File.Exists(file) ? file : null;
    }
}

/// <summary>Tells pages which exports changed.</summary>
public sealed class ExportFeed
{
    /// <summary>Ids of exports that changed.</summary>
    public ChangeFeed<Guid> Changes { get; } = new();
}
