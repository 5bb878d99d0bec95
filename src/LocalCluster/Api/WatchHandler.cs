using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Storage;
using Microsoft.Extensions.Hosting;

namespace LocalCluster.Api;

/// <summary>Streams the changes of a collection.</summary>
/// <param name="store">Where objects are.</param>
/// <param name="lifetime">Tells when the server stops: watches would keep it from that.</param>
/// <param name="clock">Time.</param>
/// <param name="renderings">Shapes of objects.</param>
internal sealed class WatchHandler(ObjectStore store, IHostApplicationLifetime lifetime, RenderingSource renderings, TimeProvider clock)
{
    private const string InitialEventsEnd = "k8s.io/initial-events-end";
    private static readonly TimeSpan ShortestByDefault = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);

    /// <summary>Answers a watch. Returns when it has timed out, when the client is gone or when the server stops.</summary>
    public async Task HandleAsync(ResourceRequest request, Representation representation)
    {
        var options = ListOptions.Read(request, watch: true);
        var current = store.Current;
        if (options.ResourceVersion > current.Revision)
        {
            throw StatusErrors.FutureRevision(options.ResourceVersion.Value, current.Revision);
        }

        // Watches of many clients that began together shall not end together.
        var timeout = options.TimeoutSeconds is > 0 and { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : ShortestByDefault * (1 + Random.Shared.NextDouble());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, lifetime.ApplicationStopping);
        using var timer = clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), ended, timeout, Timeout.InfiniteTimeSpan);
        request.Http.Response.ContentType = "application/json";
        var stream = new WatchStream(request.Http.Response.BodyWriter, renderings.For(request, representation), options.Selector);
        try
        {
            await request.Http.Response.StartAsync(ended.Token);
            await FollowAsync(request.Resource, options, current, stream, ended.Token);
        }
        catch (RevisionExpiredException e)
        {
            stream.Error(StatusErrors.Expired(e.Message));
            await stream.FlushAsync(request.Aborted);
        }
        catch (OperationCanceledException)
        {
            // The watch is over; ending the answer in order tells the client to open another.
        }
    }

    private async Task FollowAsync(
        ApiResource resource, ListOptions options, StoreSnapshot current, WatchStream stream, CancellationToken cancellationToken)
    {
        // No revision, or any, means: begin with what there is.
        var initial = options.SendInitialEvents ?? options.ResourceVersion is null or 0;
        if (initial)
        {
            foreach (var obj in current.Table(resource.StorageName).Range(options.Selector.Namespace))
            {
                stream.Existing(obj);
            }

            if (options is { SendInitialEvents: true, AllowBookmarks: true })
            {
                stream.Bookmark(resource, current.Revision, InitialEventsEnd);
            }
        }

        var start = initial || options.ResourceVersion is null or 0 ? current.Revision : options.ResourceVersion.Value;
        var cursor = store.Watch(resource.StorageName, start);
        var nextBookmark = clock.GetUtcNow() + BookmarkInterval;
        while (true)
        {
            var changed = cursor.Changed;
            foreach (var change in cursor.Read())
            {
                stream.Change(change);
            }

            if (options.AllowBookmarks && clock.GetUtcNow() >= nextBookmark)
            {
                stream.Bookmark(resource, cursor.Revision, annotation: null);
                nextBookmark = clock.GetUtcNow() + BookmarkInterval;
            }

            await stream.FlushAsync(cancellationToken);
            await WaitAsync(changed, options.AllowBookmarks ? nextBookmark : null, cancellationToken);
        }
    }

    private async Task WaitAsync(Task changed, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (until is null)
        {
            await changed.WaitAsync(cancellationToken);
            return;
        }

        var left = until.Value - clock.GetUtcNow();
        if (left > TimeSpan.Zero && !changed.IsCompleted)
        {
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(left, clock, woken.Token));
            await woken.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
