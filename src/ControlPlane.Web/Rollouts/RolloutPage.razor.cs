using ControlPlane.Api.Rollouts;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Actors;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Rollouts;

/// <summary>One rollout: where it stands, what speaks for and against it, what was decided and why, and what can be done.</summary>
public sealed partial class RolloutPage
{
    private RolloutDetails? _details;
    private DateTimeOffset? _deletedAt;
    private ObjectKey _shown;
    private HashSet<string> _known = [];

    /// <summary>Namespace of the rollout.</summary>
    [Parameter]
    public string Namespace { get; set; } = "";

    /// <summary>Name of the rollout.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    private RolloutQuery Rollouts { get; set; } = null!;

    [Inject]
    private ActorBook Book { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private ObjectKey Key => new(Namespace, Name);

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Rollouts.Changes, async changed =>
    {
        if (changed.Count == 0 || changed.Contains(Key))
        {
            Read();
            await LearnAsync();
            StateHasChanged();
        }
    });

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        if (_shown != Key)
        {
            (_shown, _details, _deletedAt) = (Key, null, null);
            Read();
        }

        return LearnAsync();
    }

    /// <summary>A rollout that is deleted while somebody looks at it stays as it was last known.</summary>
    private void Read()
    {
        var found = Rollouts.Find(Key);
        _deletedAt = found is null && _details is not null ? _deletedAt ?? Clock.GetUtcNow() : null;
        _details = found ?? _details;
    }

    /// <summary>Asks for the names of those who had a hand in it, when others have than before.</summary>
    private async Task LearnAsync()
    {
        HashSet<string> actors = [.. (_details?.Status?.Decisions.Select(static decision => decision.By) ?? []).Append(_details?.Spec.Command?.By).OfType<string>().Where(static by => by.Length > 0)];
        if (!actors.IsSubsetOf(_known))
        {
            _known = actors;
            await Book.LearnAsync(actors, Gone);
        }
    }
}
