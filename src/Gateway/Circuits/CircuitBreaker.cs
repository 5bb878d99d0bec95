using System.Globalization;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using Gateway.Policies;

namespace Gateway.Circuits;

/// <summary>
/// A circuit: closed until errors in a row or their share open it; open for a time, in which nothing goes through; then half open, with a few
/// probes whose success closes it and of which one error opens it again. Somebody may force a state for a time.
/// </summary>
/// <remarks>
/// Thread-safe. All time comes from the clock. Whatever a request says that was let through in an earlier state is passed over: a slow error
/// of yesterday's outage says nothing about a service that is being probed.
/// </remarks>
internal sealed class CircuitBreaker
{
    /// <summary>How many changes of state are remembered.</summary>
    public const int HistoryLength = 100;

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly DateTimeOffset _made;
    private readonly Lock _gate = new();
    private readonly Queue<CircuitTransition> _history = new();
    private CircuitOptions _options;
    private FailureWindow? _window;
    private CircuitState _state = CircuitState.Closed;
    private long _era;
    private int _errorsInRow;
    private TimeSpan _openUntil;
    private int _probesUnderWay;
    private int _probesSucceeded;

    public CircuitBreaker(CircuitOptions options, TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
        _made = time.GetUtcNow();
        _options = options;
        _window = options.FailureRate is { } rate ? new(rate.Window) : null;
    }

    /// <summary>The state now.</summary>
    public CircuitState State
    {
        get
        {
            lock (_gate)
            {
                Refresh();
                return _state;
            }
        }
    }

    /// <summary>The last changes of state, the oldest first.</summary>
    public IReadOnlyList<CircuitTransition> History
    {
        get
        {
            lock (_gate)
            {
                Refresh();
                return [.. _history];
            }
        }
    }

    /// <summary>All that is to be said of it, at one moment.</summary>
    public CircuitReport Report(string ns, string service)
    {
        lock (_gate)
        {
            Refresh();
            return new()
            {
                Namespace = ns,
                Service = service,
                Policy = _options.Policy,
                State = _state,
                Since = _history.Count > 0 ? _history.Last().At : _made,
                Until = _state switch
                {
                    CircuitState.Open => _time.GetUtcNow() + (_openUntil - Now),
                    CircuitState.ForcedOpen or CircuitState.ForcedClosed => _options.Forced?.Until,
                    _ => null,
                },
                History = [.. _history],
            };
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    /// <summary>How long it stays open; zero when it is not.</summary>
    private TimeSpan OpenFor => _state switch
    {
        CircuitState.Open => _openUntil - Now,
        CircuitState.ForcedOpen => _options.Forced!.Until - _time.GetUtcNow(),
        _ => TimeSpan.Zero,
    };

    /// <summary>Goes on with other options. State and history stay; counts begin anew where they can't be compared.</summary>
    public void Use(CircuitOptions options)
    {
        lock (_gate)
        {
            if (_options.FailureRate != options.FailureRate)
            {
                _window = options.FailureRate is { } rate ? new(rate.Window) : null;
            }

            _options = options;
            Refresh();
        }
    }

    /// <summary>Asks for leave to send a request.</summary>
    /// <param name="permit">The leave; <see cref="Complete"/> must be told how it went.</param>
    /// <param name="retryAfter">When refused: how long to wait at least; zero when that can't be said.</param>
    public bool TryEnter(out CircuitPermit permit, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            Refresh();
            permit = new(_era, _state == CircuitState.HalfOpen);
            retryAfter = OpenFor;
            switch (_state)
            {
                case CircuitState.Open or CircuitState.ForcedOpen:
                    return false;
                case CircuitState.HalfOpen when _probesUnderWay >= _options.Probes:
                    return false;
                case CircuitState.HalfOpen:
                    _probesUnderWay++;
                    return true;
                default:
                    return true;
            }
        }
    }

    /// <summary>Asks for leave to send a request of which nothing follows for the service. It is kept back like others while the circuit is open, and is no probe.</summary>
    /// <param name="retryAfter">When refused: how long to wait at least; zero when that can't be said.</param>
    public bool TryPass(out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            Refresh();
            retryAfter = OpenFor;
            return _state is not (CircuitState.Open or CircuitState.ForcedOpen);
        }
    }

    /// <summary>Tells how a request went that had leave. Once for each leave.</summary>
    public void Complete(CircuitPermit permit, CircuitOutcome outcome)
    {
        lock (_gate)
        {
            Refresh();
            if (permit.Era != _era)
            {
                return;
            }

            if (_state == CircuitState.HalfOpen)
            {
                CompleteProbe(outcome);
            }
            else if (_state == CircuitState.Closed && outcome != CircuitOutcome.Unknown)
            {
                Count(outcome == CircuitOutcome.Error);
            }
        }
    }

    private void CompleteProbe(CircuitOutcome outcome)
    {
        _probesUnderWay--;
        if (outcome == CircuitOutcome.Error)
        {
            Open("a probe failed");
        }
        else if (outcome == CircuitOutcome.Success && ++_probesSucceeded >= _options.Successes)
        {
            Become(CircuitState.Closed, string.Create(CultureInfo.InvariantCulture, $"{_probesSucceeded} of the probes succeeded in a row"));
        }
    }

    private void Count(bool isError)
    {
        _errorsInRow = isError ? _errorsInRow + 1 : 0;
        _window?.Add(isError, Now);
        if (_options.ConsecutiveErrors is { } most && _errorsInRow >= most)
        {
            Open(string.Create(CultureInfo.InvariantCulture, $"{_errorsInRow} errors in a row"));
        }
        else if (isError && _options.FailureRate is { } rate && _window is { } window
            && window.Requests >= rate.MinimumRequests && window.Errors * 100L >= (long)rate.Percent * window.Requests)
        {
            Open(string.Create(CultureInfo.InvariantCulture, $"{window.Errors} errors in {window.Requests} requests of the last {rate.Window.TotalSeconds:0.###} s"));
        }
    }

    private void Open(string reason)
    {
        _openUntil = Now + _options.OpenFor;
        Become(CircuitState.Open, reason);
    }

    /// <summary>Makes the changes that time brings.</summary>
    private void Refresh()
    {
        var forced = _options.Forced is { } given && given.Until > _time.GetUtcNow() ? given : null;
        if (forced is not null)
        {
            var wanted = forced.Open ? CircuitState.ForcedOpen : CircuitState.ForcedClosed;
            if (_state != wanted)
            {
                Become(wanted, $"forced: {forced.Reason}");
            }
        }
        else if (_state is CircuitState.ForcedOpen or CircuitState.ForcedClosed)
        {
            Become(CircuitState.Closed, "no longer forced");
        }
        else if (_state == CircuitState.Open && Now >= _openUntil)
        {
            Become(CircuitState.HalfOpen, "the open time is over");
        }
    }

    private void Become(CircuitState state, string reason)
    {
        _history.Enqueue(new(_time.GetUtcNow(), _state, state, reason));
        if (_history.Count > HistoryLength)
        {
            _history.Dequeue();
        }

        _state = state;
        _era++;
        _errorsInRow = _probesUnderWay = _probesSucceeded = 0;
        _window = _options.FailureRate is { } rate ? new(rate.Window) : null;
    }
}
