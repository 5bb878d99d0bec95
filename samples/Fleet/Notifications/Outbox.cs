using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Fleet.Hosting;

namespace Fleet.Notifications;

/// <summary>
/// A message in the queue, with the request that it came from: the log lines and calls of its sending belong to that request.
/// </summary>
internal sealed record QueuedNotification(string Id, string? RequestId, string? TraceParent);

/// <summary>
/// The messages of an instance, and the queue of those that are to be sent. It lives in memory: a killed instance loses what waits.
/// </summary>
internal sealed class Outbox(CurrentRequest current)
{
    /// <summary>More waiting messages than this are refused.</summary>
    public const int Capacity = 1000;

    private readonly RecentItems<string, Notification> _notifications = new();

    // A full queue refuses at once (TryWrite); it neither waits nor drops.
    private readonly Channel<QueuedNotification> _queue =
        System.Threading.Channels.Channel.CreateBounded<QueuedNotification>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Messages that wait.</summary>
    public int Waiting => _queue.Reader.Count;

    public bool TryGet(string id, [MaybeNullWhen(false)] out Notification notification) => _notifications.TryGet(id, out notification);

    /// <summary>Takes a message; false when the queue is full or closed.</summary>
    public bool TryEnqueue(Notification notification)
    {
        _notifications.Set(notification.Id, notification);
        if (_queue.Writer.TryWrite(new QueuedNotification(notification.Id, current.Id, Activity.Current?.Id)))
        {
            return true;
        }

        _notifications.Remove(notification.Id);
        return false;
    }

    public void Update(Notification notification) => _notifications.Set(notification.Id, notification);

    /// <summary>Takes no more; what waits can still be read.</summary>
    public void Close() => _queue.Writer.Complete();

    public IAsyncEnumerable<QueuedNotification> ReadAllAsync(CancellationToken cancellationToken) =>
        _queue.Reader.ReadAllAsync(cancellationToken);
}
