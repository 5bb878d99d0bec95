using System.Security.Cryptography;
using System.Text;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;

namespace ControlPlane.Api.Notifications;

/// <summary>
/// What is to be told and to whom, in the store: it is there before anything is sent, so that nothing is lost with a process, and stays a while after, so that
/// nothing is told twice. Replicas share it without a leader: the id of a delivery lets it in once, and who takes one puts it off for the others.
/// </summary>
public sealed class NotificationOutbox(IDbContextFactory<ControlPlaneContext> store, TimeProvider time)
{
    /// <summary>How long a delivery belongs to whoever took it: longer than any try takes.</summary>
    internal static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    /// <summary>Times that a delivery is tried, over some four hours.</summary>
    internal const int MostAttempts = 12;

    /// <summary>What is older is no news, and not told.</summary>
    private static readonly TimeSpan News = TimeSpan.FromDays(7);

    /// <summary>How long deliveries stay: longer than their notification can be made once more.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Remembers since when targets are known.</summary>
    /// <returns>Since when each is.</returns>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> KnowAsync(IReadOnlyCollection<NotificationTarget> targets, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(targets);
        foreach (var target in targets)
        {
            await AddAsync(target.Name, new KnownTarget { Name = target.Name, Since = time.GetUtcNow() }, cancellationToken);
        }

        List<string> names = [.. targets.Select(static target => target.Name)];
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        return await context.Set<KnownTarget>().AsNoTracking().Where(known => names.Contains(known.Name)).ToDictionaryAsync(static known => known.Name, static known => known.Since, cancellationToken);
    }

    /// <summary>Puts a notification in for a target, unless it is there, or no news to it.</summary>
    /// <param name="notification">What.</param>
    /// <param name="target">For whom.</param>
    /// <param name="since">Since when the target is known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>True when it was put in just now.</returns>
    public async Task<bool> PutAsync(Notification notification, NotificationTarget target, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        ArgumentNullException.ThrowIfNull(target);
        var (now, id) = (time.GetUtcNow(), IdOf(notification, target));
        return target.Wants(notification) && notification.At >= since && notification.At >= now - News && await AddAsync(
            id,
            new NotificationDelivery { Id = id, Target = target.Name, Notification = notification, CreatedAt = now, NextAttemptAt = now },
            cancellationToken);
    }

    /// <summary>Takes what is due for a target, the oldest first. What is taken is this process's to try, until the claim is over.</summary>
    public async Task<IReadOnlyList<NotificationDelivery>> TakeAsync(NotificationTarget target, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var now = time.GetUtcNow();
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var due = await context.Set<NotificationDelivery>().AsNoTracking()
            .Where(delivery => delivery.Target == target.Name && delivery.State == DeliveryState.Due && delivery.NextAttemptAt <= now)
            .OrderBy(static delivery => delivery.CreatedAt).Take(most).ToListAsync(cancellationToken);
        var taken = new List<NotificationDelivery>();
        foreach (var delivery in due)
        {
            var until = now + Claim;
            if (await context.Set<NotificationDelivery>()
                .Where(stored => stored.Id == delivery.Id && stored.State == DeliveryState.Due && stored.NextAttemptAt == delivery.NextAttemptAt)
                .ExecuteUpdateAsync(change => change.SetProperty(static stored => stored.NextAttemptAt, until), cancellationToken) == 1)
            {
                taken.Add(delivery);
            }
        }

        return taken;
    }

    /// <summary>Says what came of a delivery that was taken.</summary>
    /// <param name="delivery">The delivery, as it was taken.</param>
    /// <param name="problem">What went wrong; null when the target has it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What becomes of it.</returns>
    public async Task<DeliveryState> CloseAsync(NotificationDelivery delivery, string? problem, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var attempts = delivery.Attempts + 1;
        var state = problem is null ? DeliveryState.Sent : attempts >= MostAttempts ? DeliveryState.GivenUp : DeliveryState.Due;
        var next = time.GetUtcNow() + PauseAfter(attempts);
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        await context.Set<NotificationDelivery>().Where(stored => stored.Id == delivery.Id).ExecuteUpdateAsync(
            change => change.SetProperty(static stored => stored.State, state).SetProperty(static stored => stored.Attempts, attempts)
                .SetProperty(static stored => stored.NextAttemptAt, next).SetProperty(static stored => stored.Problem, problem),
            cancellationToken);
        return state;
    }

    /// <summary>Forgets deliveries that are old.</summary>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - Kept;
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        await context.Set<NotificationDelivery>().Where(delivery => delivery.CreatedAt < before).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>10 s after the first try, twice that after each, an hour at most.</summary>
    internal static TimeSpan PauseAfter(int attempts)
    {
        var pause = FirstPause * Math.Pow(2, attempts - 1);
        return pause < LongestPause ? pause : LongestPause;
    }

    private static Guid IdOf(Notification notification, NotificationTarget target) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{notification.Key}\n{target.Name}")).AsSpan(0, 16));

    /// <returns>False when it is there already, whoever put it there.</returns>
    private async Task<bool> AddAsync<T>(object key, T entity, CancellationToken cancellationToken)
        where T : class
    {
        await using var context = await store.CreateDbContextAsync(cancellationToken);
        var set = context.Set<T>();
        if (await set.FindAsync([key], cancellationToken) is not null)
        {
            return false;
        }

        set.Add(entity);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            context.ChangeTracker.Clear();
            if (await set.FindAsync([key], cancellationToken) is not null)
            {
                return false; // another replica was faster
            }

            throw;
        }
    }
}
