using Compliance.Audit;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Fleet;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Exports;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Audit;

/// <summary>Narrows the search; every choice goes into the address.</summary>
public sealed partial class AuditFilters
{
    private static readonly IReadOnlyList<FilterOption> ByFramework = [.. Frameworks.All.Select(framework => new FilterOption(framework.Name))];

    private static readonly IReadOnlyList<FilterOption> ByOutcome = [.. Enum.GetNames<AuditOutcome>().Select(name => new FilterOption(name))];

    private static readonly IReadOnlyList<FilterOption> ByAction =
        [.. new[] { "manifests.*", "services.*", "session.*", "access.*", "approvals.*", "audit.*", "holds.*", "retention.*", "erasures.*", "personal.*", "log.*", "reconcile.*", "history.*", "kubernetes.*" }.Select(name => new FilterOption(name))];

    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public AuditUrl Url { get; set; } = null!;

    [Inject]
    private FleetQuery Fleet { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    private IReadOnlyList<FilterOption> Namespaces => [.. Fleet.Count().ByNamespace.Keys.Order(StringComparer.Ordinal).Select(ns => new FilterOption(ns))];

    /// <summary>What narrows the search and has no field of its own: it came by a link, and must be there to be taken off.</summary>
    private IReadOnlyList<(string Word, string Value, AuditSearchRequest Without)> Chips =>
    [
        .. Chip("actor", Url.Request.Actor, Url.Request with { Actor = null }),
        .. Chip("kind", Url.Request.Kind, Url.Request with { Kind = null }),
        .. Chip("name", Url.Request.Name, Url.Request with { Name = null }),
        .. Chip("source", Url.Request.Source, Url.Request with { Source = null }),
        .. Chip("correlation", Url.Request.Correlation, Url.Request with { Correlation = null }),
    ];

    private static IEnumerable<(string Word, string Value, AuditSearchRequest Without)> Chip(string word, string? value, AuditSearchRequest without) =>
        value is null ? [] : [(word, value, without)];

    /// <summary>The part of the search that an export can be narrowed by.</summary>
    private string Export => ExportUrl.Write(new ExportRequest
    {
        From = Url.Request.From,
        To = Url.Request.To,
        Framework = Url.Request.Framework,
        Namespace = Url.Request.Namespaces?.FirstOrDefault(),
        Service = Url.Request.Name,
        Actor = Url.Request.Actor,
    });

    private static IReadOnlyCollection<string> One(string? chosen) => chosen is null ? [] : [chosen];

    /// <summary>Typing and ticking refine one view: going back leaves it rather than undoing letter by letter.</summary>
    private void Go(AuditSearchRequest request) => Navigation.NavigateTo(new AuditUrl(request, Entry: null).Write(), replace: true);
}
