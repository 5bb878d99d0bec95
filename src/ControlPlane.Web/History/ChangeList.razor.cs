using ControlPlane.Api.Audit;
using ControlPlane.Api.History;
using ControlPlane.Web.Actors;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.History;

/// <summary>What changed in a period, newest first, who did it and why.</summary>
public sealed partial class ChangeList
{
    private const int PageSize = 50;

    private readonly List<HistoryChange> _changes = [];
    private HistoryPeriod? _asked;
    private long? _next;
    private int? _total;
    private long? _here;

    /// <summary>What the page shows.</summary>
    [Parameter, EditorRequired]
    public HistoryUrl Url { get; set; } = null!;

    /// <summary>The period.</summary>
    [Parameter, EditorRequired]
    public HistoryPeriod Period { get; set; } = null!;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    [Inject]
    private HistoryQuery History { get; set; } = null!;

    private string Summary => _total switch
    {
        null => "",
        AuditSearch.CountedAtMost => $"{IndianNumber.Count(AuditSearch.CountedAtMost)} changes or more",
        { } total => IndianNumber.Of(total, "change"),
    };

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_asked != Period)
        {
            _asked = Period;
            await ReadAsync();
        }

        _here = Url.At is null ? null : _changes.Find(change => change.Namespace == Url.Namespace && change.Name == Url.Service && Instant.Write(change.At) == Url.At)?.Entry;
    }

    private string Address(HistoryChange change) =>
        (Url with { Namespace = change.Namespace, Service = change.Name, At = Instant.Write(change.At), From = Instant.Write(Period.From), To = Instant.Write(Period.To) }).Write();

    private Task ReadAsync() => AskAsync(cancel => PageAsync(before: null, cancel), page =>
    {
        _changes.Clear();
        Take(page);
    });

    private Task OlderAsync() => AskAsync(cancel => PageAsync(_next, cancel), Take);

    private async Task<HistoryChanges> PageAsync(long? before, CancellationToken cancellationToken)
    {
        var page = await History.ChangesAsync(Period, before, PageSize, cancellationToken);
        await Actors.LearnAsync(page.Items.Select(static change => change.Cause?.Actor.Id), cancellationToken);
        return page;
    }

    private void Take(HistoryChanges page)
    {
        _changes.AddRange(page.Items);
        (_next, _total) = (page.Next, page.Total);
    }
}
