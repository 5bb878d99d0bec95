namespace ControlPlane.Kubernetes.Resources.Traffic.Readings;

/// <summary>State of a circuit. The numbers are those of the metric <c>gateway_circuit_state</c>.</summary>
public enum CircuitCondition
{
    /// <summary>Requests go through.</summary>
    Closed = 0,

    /// <summary>Nothing goes through until the open time is over.</summary>
    Open = 1,

    /// <summary>Some probes go through.</summary>
    HalfOpen = 2,

    /// <summary>Somebody opened it: nothing goes through.</summary>
    ForcedOpen = 3,

    /// <summary>Somebody closed it: everything goes through.</summary>
    ForcedClosed = 4,
}

/// <summary>The circuit in front of a service, as the data plane has it.</summary>
/// <param name="Service">The Service, as <c>namespace/name</c>.</param>
/// <param name="Condition">Its state.</param>
public sealed record CircuitReading(string Service, CircuitCondition Condition);
