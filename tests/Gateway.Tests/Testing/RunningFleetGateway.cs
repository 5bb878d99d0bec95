namespace Gateway.Tests.Testing;

/// <summary>A gateway that takes policies from the cluster.</summary>
public sealed class RunningFleetGateway : RunningGateway
{
    /// <inheritdoc/>
    protected override bool UsesDeclaredPolicies => true;
}
