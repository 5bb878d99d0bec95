using ControlPlane.Api.Incidents;
using ControlPlane.Web.Actors;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Incidents;

/// <summary>One incident: what it is about, what is known, and what can be done.</summary>
public sealed partial class IncidentPage
{
    private Incident? _incident;
    private bool _isRead;

    /// <summary>Its number.</summary>
    [Parameter]
    public long Number { get; set; }

    [Inject]
    private IncidentQuery Incidents { get; set; } = null!;

    [Inject]
    private IncidentCommands Commands { get; set; } = null!;

    [Inject]
    private IncidentBook Book { get; set; } = null!;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Book.Changes, async changed =>
    {
        if (changed.Count == 0 || changed.Contains(Number))
        {
            await ReadAsync();
            StateHasChanged();
        }
    });

    private Task ReadAsync() => TryAsync(async () =>
    {
        var found = await Incidents.FindAsync(Number, Gone);
        await Actors.LearnAsync((found?.Timeline ?? []).Select(static note => note.By).Append(found?.ResolvedBy).Append(found?.DeclaredBy), Gone);
        (_incident, _isRead) = (found, true);
    });

    private Task DoAsync(Func<CancellationToken, Task> act) => TryAsync(async () =>
    {
        await act(Gone);
        await ReadAsync();
    });
}
