using Compliance.Audit;
using ControlPlane.Api.Audit;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.History;

/// <summary>
/// Which services there were at an instant, from the log: the newest whole list at or before it, and the changes since. Lists are recorded often
/// enough that there are never many.
/// </summary>
internal static class HistoryFleet
{
    /// <summary>Changes read at once, and the largest number that may lie between two whole lists.</summary>
    public const int ChangesBetweenLists = 1000;

    private const int MostParts = 1000;

    /// <summary>The fleet as it was recorded before an instant.</summary>
    /// <param name="reader">The log.</param>
    /// <param name="at">The instant; null for all that is on record.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Dictionary<ObjectKey, RecordedService>> AtAsync(IAuditReader reader, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var list = await ListAsync(reader, at, cancellationToken);
        var fleet = list.Services.ToDictionary(service => service.Key);
        var changes = await ChangesAsync(reader, new AuditQuery { Action = HistoryEvent.Snapshot, From = list.RecordedAt, To = at }, cancellationToken);
        foreach (var change in changes.Where(change => change.Index > list.Index))
        {
            Apply(fleet, change);
        }

        return fleet;
    }

    /// <summary>Takes a change up.</summary>
    public static void Apply(Dictionary<ObjectKey, RecordedService> fleet, RecordedEntry change)
    {
        var service = HistoryEvent.Read(change);
        if (HistoryEvent.ReadKind(change) == HistoryChangeKind.Deleted)
        {
            fleet.Remove(service.Key);
        }
        else
        {
            fleet[service.Key] = service;
        }
    }

    /// <summary>All changes that match, oldest first.</summary>
    public static async Task<IReadOnlyList<RecordedEntry>> ChangesAsync(IAuditReader reader, AuditQuery query, CancellationToken cancellationToken)
    {
        List<RecordedEntry> changes = [];
        long? before = null;
        while (true)
        {
            var page = await reader.SearchAsync(query, before, ChangesBetweenLists, cancellationToken);
            changes.AddRange(page.Select(RecordedEntry.Of));
            if (page.Count < ChangesBetweenLists)
            {
                changes.Reverse();
                return changes;
            }

            before = page[^1].Index;
        }
    }

    /// <summary>The newest whole list; an empty one from before the log where there is none.</summary>
    private static async Task<(IReadOnlyList<RecordedService> Services, DateTimeOffset? RecordedAt, long Index)> ListAsync(
        IAuditReader reader, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        if (await reader.SearchAsync(new AuditQuery { Action = HistoryEvent.Fleet, To = at }, before: null, limit: 1, cancellationToken) is not [var newest])
        {
            return ([], null, -1);
        }

        var last = RecordedEntry.Of(newest);
        var parts = await reader.SearchAsync(new AuditQuery { Action = HistoryEvent.Fleet, CorrelationId = last.CorrelationId }, before: null, MostParts, cancellationToken);
        return ([.. parts.SelectMany(part => HistoryEvent.ReadFleet(RecordedEntry.Of(part)))], last.RecordedAt, last.Index);
    }
}
