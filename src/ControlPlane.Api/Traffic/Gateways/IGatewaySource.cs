using ControlPlane.Kubernetes.Resources.Traffic.Reports;

namespace ControlPlane.Api.Traffic.Gateways;

/// <summary>A gateway that can be asked what its circuits and limits are like.</summary>
public interface IGatewaySource
{
    /// <summary>Its name, for people.</summary>
    string Name { get; }

    /// <summary>Asks it.</summary>
    /// <exception cref="GatewayUnavailableException">It does not answer, or with something else.</exception>
    Task<GatewayReport> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A gateway does not answer; the message says why, for people.</summary>
public sealed class GatewayUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
