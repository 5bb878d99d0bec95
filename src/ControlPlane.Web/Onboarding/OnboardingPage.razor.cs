using ControlPlane.Api.Commands;
using ControlPlane.Api.Fleet;
using ControlPlane.Api.Manifests;
using ControlPlane.Api.Onboarding;
using ControlPlane.Api.Plans;
using ControlPlane.Web.Manifests;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Onboarding;

/// <summary>Proposes services for what runs, or for manifests, and adopts those that somebody chooses. The namespace is in the address.</summary>
public sealed partial class OnboardingPage
{
    private const string NamespaceSource = "namespace";
    private const string ManifestSource = "manifests";
    private const int MostAdopted = 50;

    private static readonly (string Word, string Title)[] Sources = [(NamespaceSource, "What runs in a namespace"), (ManifestSource, "Manifests")];

    private string? _looked;
    private string? _typed;
    private ManifestTexts _texts = new([]);
    private OnboardingProposals? _proposals;
    private IReadOnlyList<AdoptionDraft> _drafts = [];
    private ManifestTexts _declarations = new([]);
    private PlanResult? _plan;
    private CommandRequirements _requirements = CommandRequirements.None;
    private ApplyOutcome? _outcome;

    /// <summary>Where to look: <c>manifests</c>; anything else for a namespace.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    /// <summary>The namespace that was looked at.</summary>
    [SupplyParameterFromQuery(Name = "namespace")]
    private string? Namespace { get; set; }

    [Inject]
    private OnboardingQuery Onboarding { get; set; } = null!;

    [Inject]
    private PlanService Plans { get; set; } = null!;

    [Inject]
    private ManifestCommands Commands { get; set; } = null!;

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private string Source => From == ManifestSource ? ManifestSource : NamespaceSource;

    private IReadOnlyList<ServiceSummary> Adopted => [.. Fleet.List(new FleetFilter()).Where(service => service.Adopted).Take(MostAdopted)];

    /// <summary>What was found about objects that are nobody's workload.</summary>
    private IReadOnlyList<IGrouping<string, OnboardingFinding>> OtherFindings =>
    [
        .. _proposals!.Findings
            .Where(finding => _drafts.All(draft => draft.Proposal.Workload != ObjectOf(finding)))
            .GroupBy(ObjectOf),
    ];

    /// <summary>Why nothing can be adopted yet; null when it can.</summary>
    private string? Hindrance => _drafts.Where(draft => draft.IsChosen).ToList() switch
    {
        [] => "Choose at least one.",
        var chosen when chosen.Find(draft => string.IsNullOrWhiteSpace(draft.Team)) is { } ownerless => $"Name the team that owns {ownerless.Proposal.Name}.",
        _ => null,
    };

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_looked == Namespace)
        {
            return;
        }

        _looked = _typed = Namespace;
        Reset();
        if (Namespace is { Length: > 0 } ns)
        {
            await AskAsync(cancel => Onboarding.ProposeAsync(ns, cancel), Show);
        }
    }

    private static string ObjectOf(OnboardingFinding finding) =>
        finding.Namespace.Length > 0 ? $"{finding.Kind} {finding.Namespace}/{finding.Name}" : $"{finding.Kind} {finding.Name}";

    private IReadOnlyList<OnboardingFinding> FindingsOf(AdoptionDraft draft) =>
        [.. _proposals!.Findings.Where(finding => ObjectOf(finding) == draft.Proposal.Workload)];

    private Task LookAsync(ManifestTexts texts)
    {
        Reset();
        _texts = texts;
        return AskAsync(_ => Task.FromResult(Onboarding.Propose(texts.Documents())), Show);
    }

    private void Show(OnboardingProposals proposals)
    {
        _proposals = proposals;
        _drafts = [.. proposals.Proposals.Select(proposal => new AdoptionDraft(proposal))];
    }

    private void Reset()
    {
        Forget();
        (_texts, _proposals, _drafts, _plan, _outcome) = (new([]), null, [], null, null);
    }

    /// <summary>What was planned is no longer what would be adopted.</summary>
    private void Revise() => _plan = null;

    private Task PlanAsync()
    {
        _declarations = new([.. _drafts.Where(draft => draft.IsChosen).Select(draft => draft.ToManifest())]);
        return AskAsync(
            async cancel => (await Plans.PlanAsync(_declarations.Documents(), cancel), await Commands.RequirementsAsync(_declarations.Documents(), cancel)),
            answer => (_plan, _requirements) = answer);
    }

    private Task AdoptAsync(string? reason) => AskAsync(cancel => Commands.ApplyAsync(_declarations.Documents(), reason, cancel), outcome => _outcome = outcome);

    private void Go(string source, string? ns)
    {
        Reset();
        _looked = null;
        Navigation.NavigateTo(QueryHelpers.AddQueryString("/onboarding", new Dictionary<string, string?>
        {
            ["from"] = source == ManifestSource ? source : null,
            ["namespace"] = ns,
        }.Where(word => !string.IsNullOrWhiteSpace(word.Value))));
    }
}
