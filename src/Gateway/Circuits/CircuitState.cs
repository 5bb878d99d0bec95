namespace Gateway.Circuits;

/// <summary>State of a circuit.</summary>
public enum CircuitState
{
    /// <summary>Requests go through, and their errors are counted.</summary>
    Closed,

    /// <summary>Nothing goes through until the open time is over.</summary>
    Open,

    /// <summary>Some probes go through, to see whether the service is back.</summary>
    HalfOpen,

    /// <summary>Somebody opened it by hand: nothing goes through.</summary>
    ForcedOpen,

    /// <summary>Somebody closed it by hand: everything goes through.</summary>
    ForcedClosed,
}

/// <summary>A change of a circuit's state.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record CircuitTransition(DateTimeOffset At, CircuitState From, CircuitState To, string Reason);

/// <summary>How a request went, as a circuit sees it.</summary>
internal enum CircuitOutcome
{
    Success,
    Error,

    /// <summary>It was called off before anything could be said of the service, as when the client went away.</summary>
    Unknown,
}

/// <summary>Leave to send a request. What it says later is heard only if the circuit is still as it was when the leave was given.</summary>
/// <param name="Era">Counts changes of state.</param>
/// <param name="IsProbe">It takes one of the places of probes.</param>
internal readonly record struct CircuitPermit(long Era, bool IsProbe);
