using ControlPlane.Kubernetes.Resources;
using Gateway.Backends;

namespace Gateway.Circuits;

/// <summary>A circuit as people see it.</summary>
/// <param name="Service">The Service.</param>
/// <param name="State">Its state now.</param>
/// <param name="Policy">The policy that declares it, as <c>namespace/name</c>.</param>
/// <param name="History">Its last changes, the oldest first; at most a hundred.</param>
public sealed record CircuitReport(ObjectKey Service, CircuitState State, string Policy, IReadOnlyList<CircuitTransition> History)
{
    internal static CircuitReport? Of(ServiceTraffic traffic) =>
        traffic is { Circuit: { } circuit, Policy.Circuit: { } options } ? new(traffic.Service, circuit.State, options.Policy, circuit.History) : null;
}
