namespace ControlPlane.Web.Live;

/// <summary>Ticks once a second for all that shows an age on one page, and only while something does.</summary>
public sealed class Ticker(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<Action> _listeners = [];
    private ITimer? _timer;

    /// <summary>The time now (UTC).</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Calls back once a second, on a thread of its own.</summary>
    /// <returns>Ends that.</returns>
    public IDisposable Listen(Action tick)
    {
        lock (_gate)
        {
            _listeners.Add(tick);
            _timer ??= time.CreateTimer(_ => Tick(), state: null, Second, Second);
        }

        return new Subscription(this, tick);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _listeners.Clear();
            _timer?.Dispose();
        }
    }

    private void Tick()
    {
        Action[] listeners;
        lock (_gate)
        {
            listeners = [.. _listeners];
        }

        Array.ForEach(listeners, static listener => listener());
    }

    private void Forget(Action tick)
    {
        lock (_gate)
        {
            _listeners.Remove(tick);
            if (_listeners.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    private sealed class Subscription(Ticker ticker, Action tick) : IDisposable
    {
        public void Dispose() => ticker.Forget(tick);
    }
}
