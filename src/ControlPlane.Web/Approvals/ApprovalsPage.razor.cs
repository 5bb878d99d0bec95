using ControlPlane.Api.Approvals;
using ControlPlane.Api.Problems;
using ControlPlane.Web.Actors;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ControlPlane.Web.Approvals;

/// <summary>What waits for a second person, and what became of it. Kept up to date; what is shown is in the address.</summary>
public sealed partial class ApprovalsPage
{
    private const int PageSize = 25;

    private ApprovalUrl _at = new();
    private ApprovalPage? _page;
    private ProblemDescription? _problem;
    private int _shown = PageSize;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    [Inject]
    private ApprovalQuery Approvals { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IReadOnlyList<Tab> Tabs =>
    [
        new("pending", "Waiting", (_at with { Decided = false, Request = null }).Write()),
        new("decided", "Decided", (_at with { Decided = true, Request = null }).Write()),
    ];

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        _at = ApprovalUrl.Read(Navigation.Uri);
        await FollowRequestAsync();
        Follow(Approvals.Changes, async _ =>
        {
            await ReadAsync();
            StateHasChanged();
        });
    }

    /// <inheritdoc/>
    protected override void OnGone() => Navigation.LocationChanged -= Moved;

    /// <summary>A link to one request says nothing of whether it was decided meanwhile: the list that it is in now is shown.</summary>
    private async Task FollowRequestAsync()
    {
        try
        {
            if (_at.Request is { } id)
            {
                _at = _at with { Decided = (await Approvals.FindAsync(id, Gone)).State != ApprovalState.Pending };
            }
        }
        catch (Exception e) when (ProblemDescription.Of(e) is { IsDefect: false } problem)
        {
            _problem = problem;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var page = await Approvals.ListAsync(_at.Filter, before: null, _shown, Gone);
            await Actors.LearnAsync(page.Items.SelectMany(static request => new[] { request.AskedBy, request.DecidedBy }), Gone);
            (_page, _problem) = (page, null);
        }
        catch (Exception e) when (ProblemDescription.Of(e) is { IsDefect: false } problem)
        {
            _problem = problem;
        }
    }

    private Task MoreAsync()
    {
        _shown += PageSize;
        return ReadAsync();
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (new Uri(e.Location).AbsolutePath == "/approvals")
        {
            _ = InvokeAsync(async () =>
            {
                var before = _at.Filter;
                _at = ApprovalUrl.Read(e.Location);
                if (_at.Filter != before)
                {
                    await ReadAsync();
                }

                StateHasChanged();
            });
        }
    }

    private void Go(ApprovalUrl at) => Navigation.NavigateTo(at.Write(), replace: true);
}
