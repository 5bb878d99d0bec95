using ControlPlane.Api.Onboarding;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Onboarding;

/// <summary>Shows what handing an adopted workload over would change, and does it: exactly what was shown, or nothing.</summary>
public sealed partial class HandOverPage
{
    private ObjectKey? _looked;
    private HandOverPreview? _preview;
    private bool _done;

    /// <summary>Namespace of the service.</summary>
    [Parameter]
    public string Namespace { get; set; } = "";

    /// <summary>Name of the service.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    private HandOverQuery Query { get; set; } = null!;

    [Inject]
    private HandOverCommand Command { get; set; } = null!;

    private ObjectKey Key => new(Namespace, Name);

    /// <summary>Address of the page for a service.</summary>
    public static string AddressOf(ObjectKey service) => $"/onboarding/{Uri.EscapeDataString(service.Namespace)}/{Uri.EscapeDataString(service.Name)}";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_looked != Key)
        {
            (_looked, _preview, _done) = (Key, null, false);
            await LookAsync();
        }
    }

    private Task LookAsync() => AskAsync(cancel => Query.PreviewAsync(Key, cancel), preview => _preview = preview);

    private Task HandOverAsync(string? reason) => AskAsync(
        cancel => Command.HandOverAsync(Key, _preview?.Declaration?.Fingerprint, reason, cancel),
        outcome => (_done, _preview) = (outcome.HandedOver, outcome.Preview));
}
