using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>
/// Keeps an <see cref="ObjectCache{T}"/> equal to what the server has: lists in pages, then watches from the list's version, resumes from the
/// version of any event or bookmark, and lists again only when the server has forgotten that version. To client-go's contract: whatever
/// happens in between, what was deleted meanwhile is told as deleted.
/// </summary>
internal sealed partial class Reflector<T>(
    KubeApi api, ResourceType type, CacheScope scope, IObjectDecoder<T> decoder, ObjectCache<T> cache, RuntimeMetrics metrics, TimeProvider time, ILogger logger)
    where T : class, IKubeObject
{
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NotServedPause = TimeSpan.FromMinutes(5);

    private readonly ResourceWatch<T> _watch = new(api.Connection, type, scope, decoder, time);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120), time);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _poked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where to resume; null when a list is due.</summary>
    private string? _version;

    /// <summary>Completes when the cache was filled for the first time, or the kind is known not to be served.</summary>
    public Task Synced => _synced.Task;

    /// <summary>How far the cache can be trusted.</summary>
    public CacheState State { get; private set; } = new(CachePhase.Starting, time.GetUtcNow());

    /// <summary>Looks at once whether a kind that was not served is served now.</summary>
    public void Poke() => _poked.TrySetResult();

    /// <summary>Runs until cancelled. Never throws for anything that the server or the network does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.Zero;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, cancellationToken);
                _version ??= await ListAsync(cancellationToken);
                pause = await WatchAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is WatchExpiredException or KubeApiException { IsExpired: true })
            {
                LogExpired(type, e.Message);
                metrics.WatchRestarted(type.QualifiedName, "expired");
                _version = null;
                pause = _backoff.Next();
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                NotServed();
                await WaitForPokeAsync(cancellationToken);
                pause = TimeSpan.Zero;
            }
            catch (Exception e) when (IsWeather(e))
            {
                LogInterrupted(type, e.Message);
                metrics.WatchRestarted(type.QualifiedName, "fault");
                SetState(CachePhase.Disconnected, e.Message);
                _version = e is JsonException ? null : _version; // resuming would only bring the same bytes again
                pause = _backoff.Next();
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var items = new List<T>();
        var keep = new HashSet<ObjectKey>();
        ListPage<T> page;
        string? token = null;
        do
        {
            page = ListPage<T>.Read(await api.ListPageAsync(type, scope.ToList(token), cancellationToken), decoder);
            items.AddRange(page.Items);
            foreach (var (key, problem) in page.Undecodable)
            {
                keep.Add(key);
                ReportUndecodable(key, problem);
            }

            token = page.Continue;
        }
        while (token is not null);

        cache.ReplaceAll(items, keep, initial: !_synced.Task.IsCompleted);
        metrics.Listed(type.QualifiedName);
        SetState(CachePhase.Live, problem: null);
        _synced.TrySetResult();
        return page.ResourceVersion;
    }

    /// <summary>Follows the server until it closes the watch; returns how long to wait before the next one.</summary>
    private async Task<TimeSpan> WatchAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var events = 0;
        await foreach (var item in _watch.ReadAsync(_version!, cancellationToken))
        {
            events++;
            SetState(CachePhase.Live, problem: null);
            switch (item.Type)
            {
                case WatchEventType.Added or WatchEventType.Modified:
                    cache.Upsert(item.Object!);
                    break;
                case WatchEventType.Deleted:
                    cache.Remove(item.Key, item.Object);
                    break;
                case WatchEventType.Undecodable:
                    ReportUndecodable(item.Key, item.Problem!);
                    break;
            }

            if (item.ResourceVersion.Length > 0)
            {
                _version = item.ResourceVersion;
            }
        }

        // Servers end watches at any time, and that is no error. One that ends at once again and again must not become a busy loop.
        metrics.WatchRestarted(type.QualifiedName, "closed");
        return events == 0 && time.GetElapsedTime(started) < ShortWatch ? _backoff.Next() : TimeSpan.Zero;
    }

    private void NotServed()
    {
        if (State.Phase != CachePhase.NotServed)
        {
            LogNotServed(type);
        }

        _version = null;
        cache.ReplaceAll([], new HashSet<ObjectKey>(), initial: false);
        SetState(CachePhase.NotServed, $"the cluster does not serve {type}");
        _synced.TrySetResult();
    }

    private void SetState(CachePhase phase, string? problem)
    {
        // A cache that was never filled is still starting, whatever goes wrong; only the problem is news.
        phase = phase == CachePhase.Disconnected && !_synced.Task.IsCompleted ? CachePhase.Starting : phase;
        if (State.Phase != phase || State.Problem != problem)
        {
            State = new(phase, State.Phase == phase ? State.Since : time.GetUtcNow(), problem);
        }
    }

    private async Task WaitForPokeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _poked.Task.WaitAsync(NotServedPause, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The kind may have come without anybody telling us; and a cancelled wait is the caller's business.
        }

        _poked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static bool IsWeather(Exception e) => e
        is HttpRequestException or IOException or TimeoutException or JsonException
        or KubeApiException or WatchStalledException or WatchFailedException;

    private void ReportUndecodable(ObjectKey key, string problem)
    {
        LogUndecodable(type, key, problem);
        metrics.UndecodableObject(type.QualifiedName);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The version of {Resource} to resume from is too old; listing again. {Problem}")]
    private partial void LogExpired(ResourceType resource, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The cluster does not serve {Resource}; what needs it is left out until it does")]
    private partial void LogNotServed(ResourceType resource);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following {Resource} was interrupted and will be resumed. {Problem}")]
    private partial void LogInterrupted(ResourceType resource, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} {Key} could not be decoded and is passed over; its last known state stays. {Problem}")]
    private partial void LogUndecodable(ResourceType resource, ObjectKey key, string problem);
}
