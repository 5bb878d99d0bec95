using Gateway.Hosting;

namespace Gateway.Tests.Testing;

/// <summary>A gateway that waits two seconds for slow clients, and whose cluster knows the fleet's kinds.</summary>
public sealed class RunningImpatientGateway : RunningGateway
{
    /// <inheritdoc/>
    protected override bool UsesDeclaredPolicies => true;

    /// <inheritdoc/>
    protected override GatewayOptions Change(GatewayOptions options) => options with { ClientPatience = TimeSpan.FromSeconds(2) };
}
