using ControlPlane.Api.Commands;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Plans;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Manifests;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Preview;

/// <summary>Says what manifests would do, and applies them when somebody means it. <c>?service=shop/order</c> begins with what is declared.</summary>
public sealed partial class PreviewPage
{
    private string? _source;
    private string _text = "";
    private ManifestTexts _texts = new([]);
    private PlanResult? _plan;
    private CommandRequirements _requirements = CommandRequirements.None;
    private ApplyOutcome? _outcome;

    /// <summary>Service to begin with, as <c>namespace/name</c>.</summary>
    [SupplyParameterFromQuery(Name = "service")]
    private string? Service { get; set; }

    [Inject]
    private PlanService Plans { get; set; } = null!;

    [Inject]
    private ManifestCommands Commands { get; set; } = null!;

    [Inject]
    private ServiceQuery Services { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_source != Service && Service?.Split('/') is [var ns, var name])
        {
            _source = Service;
            await AskAsync(cancel => Services.ManifestAsync(new ObjectKey(ns, name), cancel), text => _text = text);
        }
    }

    private Task PlanAsync(ManifestTexts texts)
    {
        (_texts, _plan, _outcome) = (texts, null, null);
        var documents = texts.Documents;
        return AskAsync(
            async cancel => (await Plans.PlanAsync(documents(), cancel), await Commands.RequirementsAsync(documents(), cancel)),
            answer => (_plan, _requirements) = answer);
    }

    private Task ApplyAsync(string? reason) => AskAsync(cancel => Commands.ApplyAsync(_texts.Documents(), reason, cancel), outcome => _outcome = outcome);
}
