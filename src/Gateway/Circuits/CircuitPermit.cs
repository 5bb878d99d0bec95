namespace Gateway.Circuits;

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
