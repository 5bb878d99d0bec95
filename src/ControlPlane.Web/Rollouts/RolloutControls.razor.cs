using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Rollouts;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Rollouts;

/// <summary>What holds a rollout, and what can be done to it now by who looks at it. What would do nothing, or is not theirs to do, is not offered.</summary>
public sealed partial class RolloutControls
{
    private IReadOnlyList<(RolloutAction Action, CommandRequirements Requirements)> _offered = [];
    private ProblemDescription? _refusal;
    private string? _said;
    private bool _isChanging;

    /// <summary>The rollout.</summary>
    [Parameter, EditorRequired]
    public RolloutDetails Details { get; set; } = null!;

    [Inject]
    private RolloutCommands Commands { get; set; } = null!;

    private RolloutSummary Summary => Details.Summary;

    private ObjectKey Key => new(Summary.Namespace, Summary.Name);

    /// <inheritdoc/>
    protected override void OnParametersSet() => _offered =
    [
        .. Details.Actions
            .Where(static offer => offer.Objection is null)
            .Select(offer => (offer.Action, Commands.Requirements(Key, offer.Action)))
            .Where(static offer => offer.Item2.Refusal is null),
    ];

    /// <summary>A field of a declaration that a GitOps tool keeps is changed there.</summary>
    private bool IsInGit(RolloutAction action) => Details.KeptBy is not null && (action is RolloutAction.Pause or RolloutAction.Resume);

    private string Name(RolloutAction action) => RolloutWords.NameOf(action, Summary.WaitsForApproval);

    /// <summary>It is about the revision that was seen: should another have set out meanwhile, it is refused.</summary>
    private async Task ChangeAsync(RolloutAction action, string? reason)
    {
        (_isChanging, _said, _refusal) = (true, null, null);
        try
        {
            var (name, revision) = (Name(action), RolloutOffers.RevisionOf(Details.Status ?? new(), action));
            await AskAsync(cancel => Commands.RunAsync(Key, action, revision, reason, cancel), _ => _said = $"{name}: asked for. The decision log says when it is done.");
            _refusal = Problem;
        }
        finally
        {
            _isChanging = false;
        }
    }
}
