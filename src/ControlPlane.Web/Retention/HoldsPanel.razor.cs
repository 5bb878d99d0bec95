using ControlPlane.Api.Access;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Holds;
using ControlPlane.Api.Lists;
using ControlPlane.Web.Actors;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Retention;

/// <summary>Legal holds, filtered, sorted and paged by the address; places and releases them.</summary>
public sealed partial class HoldsPanel
{
    private const int PageSize = 50;

    private ListPage<HoldView>? _page;
    private RetentionUrl? _shown;
    private HoldDraft _draft = new(new HoldScope(), null, null);
    private string? _said;

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public RetentionUrl Url { get; set; } = null!;

    [Inject]
    private Authorizer Authorizer { get; set; } = null!;

    [Inject]
    private HoldQuery Holds { get; set; } = null!;

    [Inject]
    private PlaceHold Placing { get; set; } = null!;

    [Inject]
    private ReleaseHold Releasing { get; set; } = null!;

    [Inject]
    private ActorBook Actors { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private HoldScope Scope => _draft.Scope!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Url)
        {
            _shown = Url;
            await ReadAsync();
        }
    }

    private static string? Text(object? value) => value is string { Length: > 0 } text ? text : null;

    private static string Words(HoldScope scope)
    {
        List<string> words =
        [
            .. Word("namespace", scope.Namespace), .. Word("service", scope.Service), .. Word("actor", scope.Actor), .. Word("framework", scope.Framework),
            .. Word("recorded from", Moment(scope.From)), .. Word("recorded before", Moment(scope.To)),
        ];
        return words.Count == 0 ? "the whole log" : string.Join(", ", words);

        static IEnumerable<string> Word(string word, string? value) => value is null ? [] : [$"{word} {value}"];
        static string? Moment(string? instant) => Instant.Read("time", instant) is { } at ? IndiaTime.Minute(at) : null;
    }

    private void Narrow(HoldScope scope) => _draft = _draft with { Scope = scope };

    private void Go(RetentionUrl url) => Navigation.NavigateTo(url.Write(), replace: true);

    private string SortBy(string column) => (Url with { Sort = Url.Sort == column ? $"-{column}" : column, Cursor = null }).Write();

    private string? SortOf(string column) => Url.Sort == column ? "ascending" : Url.Sort == $"-{column}" ? "descending" : null;

    private Task ReadAsync() => AskAsync(
        async cancel =>
        {
            var filter = new HoldFilter(Url.State switch { "standing" => true, "released" => false, _ => null }, Url.Text, Url.Sort);
            var page = await Holds.ListAsync(filter, Url.Cursor, PageSize, cancel);
            await Actors.LearnAsync(page.Items.SelectMany(static hold => new[] { hold.PlacedBy, hold.Release?.By, hold.Release?.ApprovedBy }), cancel);
            return page;
        },
        page => _page = page);

    private Task PlaceAsync(string? reason) => DoAsync(
        cancel => Placing.PlaceAsync(_draft with { Reason = reason }, cancel),
        hold =>
        {
            _draft = new(new HoldScope(), null, null);
            return $"The hold {hold.Reference} stands.";
        });

    private Task ReleaseAsync(HoldView hold, string? reason) => DoAsync(cancel => Releasing.ReleaseAsync(hold.Id, reason, cancel), static released => $"The hold {released.Reference} is released.");

    private async Task DoAsync(Func<CancellationToken, Task<HoldView>> act, Func<HoldView, string> say)
    {
        _said = null;
        await AskAsync(act, hold => _said = say(hold));
        if (_said is not null)
        {
            await ReadAsync();
        }
    }
}
