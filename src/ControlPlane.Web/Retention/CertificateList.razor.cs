using ControlPlane.Api.Audit.Erasures;
using ControlPlane.Api.Lists;
using ControlPlane.Api.Problems;
using ControlPlane.Web.Actors;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Retention;

/// <summary>Certificates of erasure, as they come.</summary>
public sealed partial class CertificateList
{
    private const int PageSize = 25;

    private ListPage<ErasureView>? _page;
    private ProblemDescription? _problem;
    private RetentionUrl? _shown;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public RetentionUrl Url { get; set; } = null!;

    [Inject]
    private ErasureQuery Erasures { get; set; } = null!;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Follow(Erasures.Changes, _ => ReadAsync());

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown is not null && _shown != Url)
        {
            _shown = Url;
            await ReadAsync();
        }

        _shown = Url;
    }

    private async Task ReadAsync()
    {
        try
        {
            var page = await Erasures.ListAsync(Url.Subject, Url.Cursor, PageSize, Gone);
            await Actors.LearnAsync(page.Items.Select(static item => item.By), Gone);
            (_page, _problem) = (page, null);
        }
        catch (Exception e) when (ProblemDescription.Of(e) is { IsDefect: false } problem)
        {
            _problem = problem;
        }

        StateHasChanged();
    }
}
