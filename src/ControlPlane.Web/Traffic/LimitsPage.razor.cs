using ControlPlane.Api.Traffic.Limits;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Formatting;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Traffic;

/// <summary>All limits, how far they are used, and by whom. The address filters, sorts and opens one.</summary>
public sealed partial class LimitsPage
{
    private static readonly (string Title, LimitSort Sort)[] Columns =
    [
        ("State", LimitSort.State), ("Limit", LimitSort.Name), ("Service", LimitSort.Service), ("Namespace", LimitSort.Namespace),
        ("Busiest caller", LimitSort.Use), ("Callers limited", LimitSort.Limited), ("Refused", LimitSort.Refused),
    ];

    private LimitUrl _url = new(new LimitFilter(), Open: null);
    private LimitList? _list;
    private List<LimitSummary> _shown = [];

    [Inject]
    private LimitQuery Limits { get; set; } = null!;

    /// <inheritdoc/>
    protected override string Path => LimitUrl.Page;

    private LimitFilter Filter => _url.Filter;

    /// <inheritdoc/>
    protected override Task ReadAsync() => AskAsync(Limits.ListAsync, list =>
    {
        _list = list;
        Choose();
    });

    /// <inheritdoc/>
    protected override void Show(string address)
    {
        _url = LimitUrl.Read(address);
        Choose();
    }

    private void Choose() => _shown = [.. Filter.Choose(_list?.Limits ?? [])];

    private IReadOnlyList<FilterOption> Count(Func<LimitSummary, string> by) =>
        [.. _list!.Limits.CountBy(by).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new FilterOption(entry.Key, entry.Value))];

    private string? SortWord(LimitSort sort) => Filter.Sort != sort ? null : Filter.Descending ? "descending" : "ascending";

    private static string Words(LimitSummary limit) => $"{IndianNumber.Count(limit.Requests)} a {limit.Per.ToString().ToLowerInvariant()}{By(limit)}";

    private static string By(LimitSummary limit) => limit.By switch
    {
        LimitKeyType.Address => " for each address",
        LimitKeyType.Header => $" for each {limit.ByName}",
        LimitKeyType.Claim => $" for each claim {limit.ByName}",
        _ => " for all together",
    };

    /// <summary>Typing and ticking refine one view: going back leaves it rather than undoing letter by letter.</summary>
    private void Go(LimitFilter filter) => Navigation.NavigateTo((_url with { Filter = filter }).Write(), replace: true);
}
