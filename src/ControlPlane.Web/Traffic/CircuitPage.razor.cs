using ControlPlane.Api.Problems;
using ControlPlane.Api.Traffic.Circuits;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic;

/// <summary>The circuit of a service: its state and history at each gateway, and a way to force it.</summary>
public sealed partial class CircuitPage
{
    private static readonly (string Word, string Title)[] States = [("open", "Open"), ("closed", "Closed")];

    private static readonly (int Minutes, string Words)[] Lengths = [(15, "15 minutes"), (60, "1 hour"), (240, "4 hours"), (720, "12 hours"), (1440, "24 hours")];

    private CircuitSummary? _circuit;
    private ProblemDescription? _refusal;
    private bool _asked;
    private string? _said;
    private string _state = "open";
    private int _minutes = 15;

    /// <summary>Namespace of the service.</summary>
    [Parameter]
    public string Namespace { get; set; } = "";

    /// <summary>Name of the service.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    private CircuitQuery Circuits { get; set; } = null!;

    [Inject]
    private ForceCircuitCommand Command { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private ObjectKey Key => new(Namespace, Name);

    private bool IsForcing { get; set; }

    /// <inheritdoc/>
    protected override Task ReadAsync() => IsForcing ? Task.CompletedTask : AskAsync(cancel => Circuits.FindAsync(Key, cancel), circuit => (_circuit, _asked) = (circuit, true));

    private Task ForceAsync(string? reason) => ChangeAsync(
        cancel => Command.ForceAsync(Key, _state == "open" ? ForcedCircuitState.Open : ForcedCircuitState.Closed, Time.GetUtcNow().AddMinutes(_minutes), reason, cancel),
        $"The circuit is forced {_state}. The gateways follow within a second.");

    private Task ReleaseAsync(string? reason) => ChangeAsync(cancel => Command.ReleaseAsync(Key, reason, cancel), "The circuit is left to itself again.");

    /// <summary>What is refused stays to be read, while the page goes on asking the gateways.</summary>
    private async Task ChangeAsync(Func<CancellationToken, Task> change, string said)
    {
        (IsForcing, _said, _refusal) = (true, null, null);
        try
        {
            await AskAsync(
                async cancel =>
                {
                    await change(cancel);
                    return said;
                },
                done => _said = done);
            _refusal = Problem;
        }
        finally
        {
            IsForcing = false;
        }
    }
}
