namespace LocalCluster.NodeAgent.Pods;

/// <summary>The end of a pod: first it is asked to end, then, when its time is up, it is made to.</summary>
internal sealed class PodTermination : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _kill;
    private readonly TaskCompletionSource _whenRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _deadline = DateTimeOffset.MaxValue;
    private bool _disposed;

    /// <param name="time">Clock.</param>
    public PodTermination(TimeProvider time)
    {
        _time = time;
        _kill = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Requested = _requested.Token;
        Kill = _kill.Token;
    }

    /// <summary>Cancelled when the pod is asked to end.</summary>
    public CancellationToken Requested { get; }

    /// <summary>Cancelled when its time is up.</summary>
    public CancellationToken Kill { get; }

    /// <summary>Completes when the pod is asked to end.</summary>
    public Task WhenRequested => _whenRequested.Task;

    /// <summary>Asks the pod to end within a time. Asked again, only a shorter time counts; once it has ended, nothing does.</summary>
    public void Request(TimeSpan grace)
    {
        lock (_gate)
        {
            var deadline = _time.GetUtcNow() + grace;
            if (_disposed || deadline >= _deadline)
            {
                return;
            }

            _deadline = deadline;
            _kill.CancelAfter(grace);
            _ = _requested.CancelAsync(); // what waits for it must not go on in here
            _whenRequested.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _requested.Dispose();
            _kill.Dispose();
        }
    }
}
