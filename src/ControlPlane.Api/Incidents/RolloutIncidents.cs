using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Live;
using ControlPlane.Api.Problems;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Operators.Cluster;

namespace ControlPlane.Api.Incidents;

/// <summary>
/// Opens an incident for a rollback whose rollout says so (<c>spec.rollback.incident</c>), or tells the one more that the rollout has open. What is told is read off
/// the status, and known by its id: neither a restart nor a second replica tells it twice.
/// </summary>
internal sealed partial class RolloutIncidents(FleetCaches caches, IncidentBook book, IncidentCommands commands, CallerContext callers, TimeProvider time, ILogger<RolloutIncidents> logger)
    : BackgroundService
{
    /// <summary>What is older is no news: it was before the rollout said that it opens incidents, or nobody was there for as long.</summary>
    internal static readonly TimeSpan News = TimeSpan.FromHours(24);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ChangeFeed<ObjectKey> _changed = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        callers.Become(Caller.System);
        using var subscription = caches.Rollouts.Cache.Subscribe(change => _changed.Publish(change.Key));
        var isFirst = true;
        await foreach (var changed in _changed.ReadAsync(Pause, time, stoppingToken))
        {
            IEnumerable<ObjectKey> keys = isFirst ? [.. caches.Rollouts.Cache.Snapshot().Select(static rollout => rollout.Metadata.Key)] : changed;
            isFirst = false;
            foreach (var key in keys)
            {
                await LookAsync(key, stoppingToken);
            }
        }
    }

    /// <summary>Tells what there is to be told of a rollout, and was not before.</summary>
    /// <returns>False when another replica is at it: look again.</returns>
    internal async Task<bool> TellAsync(CanaryRollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.Spec.Rollback.Incident is not { } severity)
        {
            return true;
        }

        foreach (var decision in RollbacksOf(rollout))
        {
            var note = Note(rollout, decision);
            if (!await book.HasNoteAsync(note.Id, cancellationToken) && !await book.TryInTurnAsync(() => TellAsync(rollout, severity, note, cancellationToken), cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private async Task TellAsync(CanaryRollout rollout, IncidentSeverity severity, IncidentNote note, CancellationToken cancellationToken)
    {
        if (await book.HasNoteAsync(note.Id, cancellationToken))
        {
            return; // the replica whose turn it was before has told it
        }

        var key = rollout.Metadata.Key;
        var incident = await commands.TellAsync(
            severity,
            Cut($"A new version of {string.Join(", ", rollout.Spec.Members.Select(static member => member.Service))} was rolled back", Incident.LongestTitle),
            [.. rollout.Spec.Members.Select(member => new ObjectKey(key.Namespace, member.Service).ToString())],
            $"{CanaryRollout.ResourceType.Kind} {key}",
            note,
            cancellationToken);
        LogTold(incident.Id, key.Namespace, key.Name);
    }

    /// <summary>The first first, as they happened.</summary>
    private IEnumerable<RolloutDecision> RollbacksOf(CanaryRollout rollout) => (rollout.Status?.Decisions ?? [])
        .Where(decision => decision.Type == RolloutDecisions.RolledBack && time.GetUtcNow() - decision.At < News).Reverse();

    private static IncidentNote Note(CanaryRollout rollout, RolloutDecision decision) => new()
    {
        Id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{rollout.Metadata.Uid}\n{decision.Revision}\n{decision.At.ToUnixTimeMilliseconds()}"))).AsSpan(0, 16)),
        Type = IncidentNoteType.RolledBack,
        At = decision.At,
        By = decision.By is { Length: > 0 } by ? by : Caller.System.Id,
        Text = Cut($"Rollout {rollout.Metadata.Key} took revision {decision.Revision} back: {decision.Message}", IncidentNote.LongestText),
    };

    private static string Cut(string text, int longest) => text.Length <= longest ? text : $"{text[..(longest - 1)]}…";

    private async Task LookAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (caches.Rollouts.Cache.Find(key) is not { } rollout)
        {
            return;
        }

        try
        {
            if (!await TellAsync(rollout, cancellationToken))
            {
                _changed.Publish(key);
            }
        }
        catch (Exception e) when (e is DbUpdateException or DbException or AuditUnavailableException)
        {
            LogStoreAway(e);
            _changed.Publish(key); // nothing is lost: the status says it again
        }
        catch (RequestException e) // somebody resolved it just now, or the policy of commands does not let it pass
        {
            LogRefused(key.Namespace, key.Name, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Incident {Incident} was told of a rollback of rollout {Namespace}/{Rollout}")]
    private partial void LogTold(string incident, string @namespace, string rollout);

    [LoggerMessage(Level = LogLevel.Error, Message = "No incident was told of a rollback of rollout {Namespace}/{Rollout}: {Problem}. It is tried again when the rollout changes")]
    private partial void LogRefused(string @namespace, string rollout, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Incidents wait: store or audit log can't be reached. It is tried again")]
    private partial void LogStoreAway(Exception exception);
}
