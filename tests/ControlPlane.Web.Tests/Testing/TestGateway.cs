using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;

namespace ControlPlane.Web.Tests.Testing;

/// <summary>A gateway that says what a test says.</summary>
internal sealed class TestGateway : IGatewaySource
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);

    public string Name => "test";

    public IReadOnlyList<CircuitReport> Circuits { get; set; } = [];

    public IReadOnlyList<LimitReport> Limits { get; set; } = [];

    public IReadOnlyList<ShortfallReport> Shortfalls { get; set; } = [];

    /// <summary>Why it does not answer; null when it does.</summary>
    public string? Problem { get; set; }

    public Task<GatewayReport> ReadAsync(CancellationToken cancellationToken) => Problem is { } problem
        ? throw new GatewayUnavailableException(problem)
        : Task.FromResult(new GatewayReport(Name, Now, Now.AddHours(-2)) { Circuits = Circuits, Limits = Limits, Shortfalls = Shortfalls });
}
