using ControlPlane.Api.Audit;
using ControlPlane.Web.Actors;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Audit;

/// <summary>All about one entry, beside the list that it was found in.</summary>
public sealed partial class EntryPane
{
    private long? _asked;
    private AuditEntryDetails? _details;
    private bool _missing;

    /// <summary>What the page shows.</summary>
    [Parameter, EditorRequired]
    public AuditUrl Url { get; set; } = null!;

    /// <summary>The entry.</summary>
    [Parameter, EditorRequired]
    public long Index { get; set; }

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    [Inject]
    private AuditEntryQuery Entries { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_asked != Index)
        {
            _asked = Index;
            await ReadAsync();
        }
    }

    private Task ReadAsync() => AskAsync(
        async cancel =>
        {
            var details = await Entries.FindAsync(Index, cancel);
            await Actors.LearnAsync([details?.Entry.Actor.Id], cancel);
            return details;
        },
        details => (_details, _missing) = (details, details is null));
}
