using ControlPlane.Api.Audit.Verification;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace ControlPlane.Web.Audit;

/// <summary>The proof that an entry is in the signed tree, drawn, and verified step by step when somebody asks for it.</summary>
public sealed partial class ProofPanel
{
    private long? _asked;
    private VerificationReport? _report;
    private bool _read;
    private bool _shown;

    /// <summary>The entry.</summary>
    [Parameter, EditorRequired]
    public long Index { get; set; }

    [Inject]
    private AuditVerification Verification { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_asked != Index)
        {
            (_asked, _shown) = (Index, false);
            await ReadAsync();
        }
    }

    private static string Picture(StepResult result) => result switch
    {
        StepResult.Passed => Icons.Material.Rounded.CheckCircle,
        StepResult.Failed => Icons.Material.Rounded.Dangerous,
        _ => Icons.Material.Rounded.Help,
    };

    private static string Tone(StepResult result) => result switch
    {
        StepResult.Passed => "good",
        StepResult.Failed => "bad",
        _ => "unknown",
    };

    private static string Word(StepResult result) => result switch
    {
        StepResult.Passed => "Passed",
        StepResult.Failed => "Failed",
        _ => "Not checked",
    };

    private async Task VerifyAsync()
    {
        await ReadAsync();
        _shown = true;
    }

    private Task ReadAsync() => AskAsync(cancel => Verification.VerifyAsync(Index, cancel), report => (_report, _read) = (report, true));
}
