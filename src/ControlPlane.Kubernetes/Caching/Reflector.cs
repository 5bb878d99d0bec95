using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>
/// Keeps an <see cref="ObjectCache{T}"/> equal to what the server has: lists in pages, then watches from the list's version, resumes from the
/// version of any event or bookmark, and lists again only when that version can't be trusted any more. To client-go's contract: whatever
/// happens in between, what was deleted meanwhile is told as deleted.
/// </summary>
internal sealed partial class Reflector<T>(
    KubeApi api, ResourceType type, CacheScope scope, IObjectDecoder<T> decoder, ObjectCache<T> cache, RuntimeMetrics metrics, TimeProvider time, ILogger logger)
    where T : class, IKubeObject
{
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    private readonly ResourceWatch<T> _watch = new(api.Connection, type, scope, decoder, time);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(120), time);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _poked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where to resume; null when a list is due.</summary>
    private string? _version;

    /// <summary>How often in a row it was said that there is no such kind. Once may be a proxy in between: no reason to call everything deleted.</summary>
    private int _denials;

    /// <summary>Completes when the cache was filled for the first time, or the kind is known not to be served.</summary>
    public Task Synced => _synced.Task;

    /// <summary>How far the cache can be trusted.</summary>
    public CacheState State { get; private set; } = new(CachePhase.Starting, time.GetUtcNow());

    /// <summary>Ends a pause: what was in the way may be gone, such as a kind that was not served.</summary>
    public void Poke() => _poked.TrySetResult();

    /// <summary>Runs until cancelled. Never throws for anything that the server or the network does.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.Zero;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await PauseAsync(pause, cancellationToken);
                _version ??= await ListAsync(cancellationToken);
                pause = await WatchAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (KubeApiException e) when (e.IsExpired)
            {
                LogExpired(type, e.Message);
                metrics.WatchRestarted(type.QualifiedName, "expired");
                _version = null;
                pause = _backoff.Next();
            }
            catch (Exception e) when (IsWeather(e))
            {
                pause = Interrupted(e);
            }
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var poked = _poked.Task;
        if (await Task.WhenAny(Task.Delay(pause, time, over.Token), poked) == poked)
        {
            over.Cancel();
            _poked = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _backoff.Reset();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var items = new List<T>();
        var keep = new HashSet<ObjectKey>();
        string version;
        try
        {
            version = await ReadPagesAsync(scope.ToList(), items, keep, cancellationToken);
        }
        catch (KubeApiException e) when (e.IsExpired)
        {
            // The list took longer than the server remembers its version. In one piece it can't expire.
            items.Clear();
            keep.Clear();
            version = await ReadPagesAsync(scope.ToList() with { Limit = 0 }, items, keep, cancellationToken);
        }

        cache.ReplaceAll(items, keep, initial: !_synced.Task.IsCompleted);
        metrics.Listed(type.QualifiedName);
        Connected();
        _synced.TrySetResult();
        return version;
    }

    /// <summary>Reads a list page by page; all pages show the same version.</summary>
    private async Task<string> ReadPagesAsync(ListQuery query, List<T> items, HashSet<ObjectKey> keep, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await api.ReadPageAsync(type, query, (stream, cancel) => ListPage<T>.ReadAsync(stream, decoder, cancel), cancellationToken);
            items.AddRange(page.Items);
            foreach (var (key, problem) in page.Undecodable)
            {
                keep.Add(key);
                ReportUndecodable(key, problem);
            }

            if (page.Continue is null)
            {
                return page.ResourceVersion;
            }

            query = query with { Continue = page.Continue };
        }
    }

    /// <summary>Follows the server until it closes the watch; returns how long to wait before the next one.</summary>
    private async Task<TimeSpan> WatchAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var changes = 0;
        await foreach (var item in _watch.ReadAsync(_version!, cancellationToken))
        {
            Connected();
            switch (item.Type)
            {
                case WatchEventType.Added or WatchEventType.Modified:
                    cache.Upsert(item.Object!);
                    changes++;
                    break;
                case WatchEventType.Deleted:
                    cache.Remove(item.Key, item.Object);
                    changes++;
                    break;
                case WatchEventType.Undecodable:
                    ReportUndecodable(item.Key, item.Problem!);
                    changes++;
                    break;
            }

            if (item.ResourceVersion.Length > 0)
            {
                _version = item.ResourceVersion;
            }
        }

        // Servers end watches at any time, and that is no error. One that ends at once again and again must not become a busy loop.
        metrics.WatchRestarted(type.QualifiedName, "closed");
        return changes == 0 && time.GetElapsedTime(started) < ShortWatch ? _backoff.Next() : TimeSpan.Zero;
    }

    /// <summary>Says how long to wait before going on.</summary>
    private TimeSpan Interrupted(Exception e)
    {
        var pause = _backoff.Next();
        _version = MayResume(e) ? _version : null;
        if (e is KubeApiException { IsNotFound: true } && (++_denials > 1 || cache.Count == 0))
        {
            NotServed();
            return pause;
        }

        LogInterrupted(type, e.Message);
        metrics.WatchRestarted(type.QualifiedName, "fault");
        SetState(CachePhase.Disconnected, e.Message);
        return e is KubeApiException { RetryAfter: { } asked } && asked > pause ? asked : pause;
    }

    private void NotServed()
    {
        if (State.Phase != CachePhase.NotServed)
        {
            LogNotServed(type);
        }

        cache.ReplaceAll([], new HashSet<ObjectKey>(), initial: false);
        SetState(CachePhase.NotServed, $"the cluster does not serve {type}");
        _synced.TrySetResult();
    }

    private void Connected()
    {
        _denials = 0;
        SetState(CachePhase.Live, problem: null);
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

    /// <summary>What a server or a network may do to us at any time.</summary>
    private static bool IsWeather(Exception e) =>
        e is HttpRequestException or IOException or TimeoutException or JsonException or KubeApiException or WatchStalledException;

    /// <summary>
    /// Whether the last version is still good. It is when the connection failed or the server was too busy. After any other failure to give what
    /// comes after it (even silence: the server may have been restored from a backup, to which the version is the future), resuming might fail
    /// the same way for ever.
    /// </summary>
    private static bool MayResume(Exception e) => e
        is HttpRequestException or IOException or TimeoutException
        or KubeApiException
        {
            StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        };

    private void ReportUndecodable(ObjectKey key, string problem)
    {
        LogUndecodable(type, key, problem);
        metrics.UndecodableObject(type.QualifiedName);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The version of {Resource} to resume from is too old; listing again. {Problem}")]
    private partial void LogExpired(ResourceType resource, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The cluster does not serve {Resource}; what needs it is left out until it does")]
    private partial void LogNotServed(ResourceType resource);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following {Resource} was interrupted and will go on. {Problem}")]
    private partial void LogInterrupted(ResourceType resource, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Resource} {Key} could not be decoded and is passed over; its last known state stays. {Problem}")]
    private partial void LogUndecodable(ResourceType resource, ObjectKey key, string problem);
}
