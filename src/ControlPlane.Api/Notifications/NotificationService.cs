using ControlPlane.Api.Live;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Operators.Cluster;

namespace ControlPlane.Api.Notifications;

/// <summary>
/// Follows the rollouts, puts what there is to be told into the outbox, and has it sent: each target in a loop of its own, so that one which hangs holds up no
/// other.
/// </summary>
internal sealed partial class NotificationService(
    FleetCaches caches, NotificationOptions options, NotificationOutbox outbox, NotificationSender sender, TimeProvider time, ILogger<NotificationService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenCleanings = TimeSpan.FromHours(1);

    private readonly ChangeFeed<ObjectKey> _changed = new();

    /// <summary>What was put in for each rollout, so that a status which says the same once more asks the store nothing.</summary>
    private readonly Dictionary<ObjectKey, IReadOnlySet<string>> _told = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Targets.Count == 0)
        {
            return;
        }

        var since = await KnowAsync(stoppingToken);
        using var subscription = caches.Rollouts.Cache.Subscribe(change => _changed.Publish(change.Key));
        await Task.WhenAll(
            options.Targets.Select(target => EveryAsync(BetweenLooks, cancel => sender.SendDueAsync(target, cancel), stoppingToken))
                .Append(EveryAsync(BetweenCleanings, outbox.CleanAsync, stoppingToken))
                .Append(FollowAsync(since, stoppingToken)));
    }

    /// <summary>Puts in what there is to be told of a rollout, and was not before.</summary>
    internal async Task PutAsync(CanaryRollout rollout, IReadOnlyDictionary<string, DateTimeOffset> since, CancellationToken cancellationToken)
    {
        var notices = RolloutNotices.Of(rollout);
        var told = _told.GetValueOrDefault(rollout.Metadata.Key);
        foreach (var notice in notices.Where(notice => told?.Contains(notice.Key) != true))
        {
            foreach (var target in options.Targets)
            {
                await outbox.PutAsync(notice, target, since[target.Name], cancellationToken);
            }
        }

        _told[rollout.Metadata.Key] = notices.Select(static notice => notice.Key).ToHashSet();
    }

    private async Task FollowAsync(IReadOnlyDictionary<string, DateTimeOffset> since, CancellationToken cancellationToken)
    {
        var isFirst = true;
        await foreach (var changed in _changed.ReadAsync(Pause, time, cancellationToken))
        {
            IEnumerable<ObjectKey> keys = isFirst ? [.. caches.Rollouts.Cache.Snapshot().Select(static rollout => rollout.Metadata.Key)] : changed;
            isFirst = false;
            foreach (var key in keys)
            {
                await LookAsync(key, since, cancellationToken);
            }
        }
    }

    private async Task LookAsync(ObjectKey key, IReadOnlyDictionary<string, DateTimeOffset> since, CancellationToken cancellationToken)
    {
        if (caches.Rollouts.Cache.Find(key) is not { } rollout)
        {
            _told.Remove(key);
            return;
        }

        try
        {
            await PutAsync(rollout, since, cancellationToken);
        }
        catch (Exception e) when (IsOfStore(e))
        {
            LogStoreAway(e);
            _changed.Publish(key); // nothing is lost: the status says it again
        }
    }

    private async Task<IReadOnlyDictionary<string, DateTimeOffset>> KnowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await outbox.KnowAsync([.. options.Targets], cancellationToken);
            }
            catch (Exception e) when (IsOfStore(e))
            {
                LogStoreAway(e);
                await Task.Delay(BetweenLooks, time, cancellationToken);
            }
        }
    }

    private async Task EveryAsync(TimeSpan pause, Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(pause, time);
        do
        {
            try
            {
                await act(cancellationToken);
            }
            catch (Exception e) when (IsOfStore(e))
            {
                LogStoreAway(e);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static bool IsOfStore(Exception exception) => exception is DbUpdateException or System.Data.Common.DbException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notifications wait: the store can't be reached. It is tried again")]
    private partial void LogStoreAway(Exception exception);
}
