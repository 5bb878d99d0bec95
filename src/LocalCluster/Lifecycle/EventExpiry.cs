using System.Globalization;
using LocalCluster.Registry;
using LocalCluster.Selectors;
using LocalCluster.Storage;

namespace LocalCluster.Lifecycle;

/// <summary>Removes events an hour after they were last seen.</summary>
/// <param name="store">Where events are.</param>
/// <param name="client">Deletes them.</param>
/// <param name="clock">Time.</param>
internal sealed class EventExpiry(ObjectStore store, LocalClient client, TimeProvider clock) : ILifecycle
{
    private const string Events = "events";
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private static readonly string[][] Times =
        [["series", "lastObservedTime"], ["lastTimestamp"], ["eventTime"], ["metadata", "creationTimestamp"]];

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await ExpireAsync();
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Removes what is too old now.</summary>
    public async Task ExpireAsync()
    {
        var oldest = clock.GetUtcNow() - Kept;
        foreach (var obj in store.Current.Table(Events).Range().Where(o => LastSeen(o) < oldest))
        {
            await client.DeleteAsync(Events, obj.Key, new DeletionOptions { Uid = obj.Uid });
        }
    }

    private static DateTimeOffset LastSeen(StoredObject obj)
    {
        foreach (var path in Times)
        {
            if (DateTimeOffset.TryParse(ObjectFields.Scalar(obj.Json, path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return time;
            }
        }

        return DateTimeOffset.MaxValue;
    }
}
