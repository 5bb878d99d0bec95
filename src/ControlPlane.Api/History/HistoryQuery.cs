using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.History;

/// <summary>
/// What was declared at any past instant, and what changed between two, from the audit log: no question reads more of it than the changes that
/// it is about.
/// </summary>
public sealed class HistoryQuery(IAuditReader reader, Authorizer authorizer)
{
    /// <summary>A picture of the fleet over time may hold this many changes.</summary>
    public const int MostChanges = 20_000;

    private const int LookedThrough = 25;

    /// <summary>A service as it was declared at an instant; null when nothing was on record of it by then.</summary>
    /// <exception cref="AccessException">The caller may not see its history.</exception>
    public async Task<ServiceAtInstant?> AtAsync(ObjectKey key, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Demand(key);
        var query = SnapshotsOf(key) with { To = at.AddTicks(1) }; // the instant itself counts
        if (await reader.SearchAsync(query, before: null, limit: 1, cancellationToken) is not [var entry])
        {
            return null;
        }

        var change = await ExplainAsync(RecordedEntry.Of(entry), cancellationToken);
        return new(key.Namespace, key.Name, at, change.State is null ? null : ManifestWriter.ToYaml(change.State), change.ToChange());
    }

    /// <summary>How a service's declaration at one instant differs from that at a later one.</summary>
    /// <exception cref="AccessException">The caller may not see its history.</exception>
    public async Task<ServiceBetweenInstants> BetweenAsync(ObjectKey key, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        Demand(key);
        var (before, after) = (await StateAsync(key, from, cancellationToken), await StateAsync(key, to, cancellationToken));
        var diff = ObjectDiff.Of(before, after);
        return new(key.Namespace, key.Name, from, to, diff.Fields, diff.Unified) { Before = diff.Before, After = diff.After };
    }

    /// <summary>What changed in a period, newest first.</summary>
    /// <param name="period">Which changes.</param>
    /// <param name="before">Only those in entries before this index; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessException">The caller may see no history.</exception>
    public async Task<HistoryChanges> ChangesAsync(HistoryPeriod period, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(period);
        if (Query(period) is not { } query)
        {
            return new([], Next: null, Total: 0);
        }

        var found = await reader.SearchAsync(query, before, limit + 1, cancellationToken);
        List<HistoryChange> changes = [];
        foreach (var entry in found.Take(limit))
        {
            changes.Add((await ExplainAsync(RecordedEntry.Of(entry), cancellationToken)).ToChange());
        }

        return new(changes, found.Count > limit ? found[limit - 1].Index : null, await reader.CountAsync(query, AuditSearch.CountedAtMost, cancellationToken));
    }

    /// <summary>The services that there were at an instant, in order.</summary>
    /// <exception cref="AccessException">The caller may see no history.</exception>
    public async Task<IReadOnlyList<RecordedService>> FleetAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var namespaces = authorizer.DemandNamespaces(Permissions.ReadHistory);
        var fleet = await HistoryFleet.AtAsync(reader, at.AddTicks(1), cancellationToken);
        return [.. fleet.Values.Where(service => namespaces?.Contains(service.Key.Namespace) != false).OrderBy(service => service.Key, ObjectKey.ListOrder)];
    }

    /// <summary>How many services there were, and how many changes, over a period.</summary>
    /// <exception cref="AccessException">The caller may see no history.</exception>
    /// <exception cref="RequestException">There are more changes than a picture can show.</exception>
    public async Task<HistoryPulse> PulseAsync(HistoryPeriod period, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(period);
        var scale = TimeScale.Of(period.From, period.To);
        if (Query(period with { From = scale.From }) is not { } query)
        {
            return new(scale.Width, []);
        }

        if (await reader.CountAsync(query, MostChanges, cancellationToken) == MostChanges)
        {
            throw RequestException.BadParameter("from", $"there are more than {MostChanges} changes in this period: choose a shorter one");
        }

        var fleet = await HistoryFleet.AtAsync(reader, scale.From, cancellationToken);
        var changes = await HistoryFleet.ChangesAsync(reader, query, cancellationToken);
        List<HistoryBar> bars = [];
        var next = 0;
        foreach (var (start, end) in scale.Buckets())
        {
            var first = next;
            for (; next < changes.Count && changes[next].RecordedAt < end; next++)
            {
                HistoryFleet.Apply(fleet, changes[next]);
            }

            bars.Add(new(start, end, fleet.Keys.Count(key => Matches(query, key)), next - first));
        }

        return new(scale.Width, bars);
    }

    private static bool Matches(AuditQuery query, ObjectKey key) =>
        query.Namespaces?.Contains(key.Namespace) != false && (query.ObjectName is null || query.ObjectName == key.Name);

    private static AuditQuery SnapshotsOf(ObjectKey key) =>
        new() { Action = HistoryEvent.Snapshot, ObjectKind = ManagedService.ResourceType.Kind, Namespaces = [key.Namespace], ObjectName = key.Name };

    private void Demand(ObjectKey key)
    {
        if (authorizer.DemandNamespaces(Permissions.ReadHistory)?.Contains(key.Namespace) == false)
        {
            authorizer.Demand(Permissions.ReadHistory, key.Namespace);
        }
    }

    /// <summary>The changes of a period as far as the caller may see them; null when that is none.</summary>
    private AuditQuery? Query(HistoryPeriod period)
    {
        var namespaces = AuditScope.Narrow(period.Namespace is { } ns ? [ns] : null, authorizer.DemandNamespaces(Permissions.ReadHistory));
        return namespaces is { Count: 0 }
            ? null
            : new AuditQuery { Action = HistoryEvent.Snapshot, From = period.From, To = period.To, Namespaces = namespaces, ObjectName = period.Service };
    }

    private async Task<System.Text.Json.Nodes.JsonObject?> StateAsync(ObjectKey key, DateTimeOffset at, CancellationToken cancellationToken) =>
        await reader.SearchAsync(SnapshotsOf(key) with { To = at.AddTicks(1) }, before: null, limit: 1, cancellationToken) is [var entry]
            ? HistoryEvent.ReadState(RecordedEntry.Of(entry))
            : null;

    /// <summary>
    /// Who changed a declaration and why: the newest entry about it between the state before and this one, of a person or program if there is
    /// one. The attempt of a command is recorded before its effect, so it lies between.
    /// </summary>
    private async Task<ExplainedChange> ExplainAsync(RecordedEntry snapshot, CancellationToken cancellationToken)
    {
        var item = snapshot.Object!;
        var query = new AuditQuery { ObjectKind = item.Kind, Namespaces = [item.Namespace], ObjectName = item.Name };
        var earlier = (await reader.SearchAsync(query, snapshot.Index, LookedThrough, cancellationToken)).Select(RecordedEntry.Of).ToList();
        var causes = earlier.TakeWhile(entry => entry.Action != HistoryEvent.Snapshot)
            .Where(entry => entry.Outcome is AuditOutcome.Attempted or AuditOutcome.Succeeded)
            .ToList();
        var cause = causes.Find(entry => entry.Actor.Kind != AuditActorKind.System) ?? causes.FirstOrDefault();
        var before = earlier.Find(entry => entry.Action == HistoryEvent.Snapshot);
        return new(snapshot, HistoryEvent.ReadState(snapshot), before, cause);
    }

    private sealed record ExplainedChange(RecordedEntry Snapshot, System.Text.Json.Nodes.JsonObject? State, RecordedEntry? Before, RecordedEntry? Cause)
    {
        public HistoryChange ToChange() => new()
        {
            Namespace = Snapshot.Object!.Namespace,
            Name = Snapshot.Object.Name,
            At = Snapshot.RecordedAt,
            Kind = HistoryEvent.ReadKind(Snapshot),
            Generation = HistoryEvent.Read(Snapshot).Generation,
            Entry = Snapshot.Index,
            Fields = HistoryEvent.ReadKind(Snapshot) == HistoryChangeKind.Changed && Before is not null
                ? [.. ObjectDiff.Of(HistoryEvent.ReadState(Before), State).Fields.Select(field => field.Path)]
                : [],
            Cause = Cause is null ? null : new(Cause.Index, Cause.Actor, Cause.Action, Cause.Reason),
        };
    }
}
