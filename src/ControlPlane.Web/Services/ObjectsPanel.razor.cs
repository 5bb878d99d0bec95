using ControlPlane.Api.Fleet;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Services;

/// <summary>The objects that the operator keeps for a service, each desired against live.</summary>
public sealed partial class ObjectsPanel
{
    private static readonly (string Word, string Title)[] Views = [("diff", "Desired against live"), ("live", "Live YAML"), ("managers", "Who manages what")];
    private static readonly (string Word, string Title)[] Layouts = [("unified", "Unified"), ("sides", "Side by side")];

    private IReadOnlyList<ServiceObject> _objects = [];
    private string _layout = "unified";

    /// <summary>The service.</summary>
    [Parameter, EditorRequired]
    public ServiceDetails Details { get; set; } = null!;

    /// <summary>Another number when there is something new.</summary>
    [Parameter]
    public int Revision { get; set; }

    /// <summary>The object to show, as <c>Kind/name</c>; null for the one that needs a look most.</summary>
    [Parameter]
    public string? Chosen { get; set; }

    /// <summary>What of it to show; null for the comparison.</summary>
    [Parameter]
    public string? View { get; set; }

    [Inject]
    private ServiceQuery Services { get; set; } = null!;

    private ServiceObject Shown => _objects.FirstOrDefault(item => NameOf(item) == Chosen) ?? _objects.MaxBy(item => item.Sync)!;

    private string ViewHere => Array.Find(Views, view => view.Word == View).Word ?? Views[0].Word;

    /// <inheritdoc/>
    protected override void OnParametersSet() => _objects = Services.Objects(Details.Summary.Key) ?? _objects;

    private static string NameOf(ServiceObject item) => $"{item.Kind}/{item.Name}";

    private string AddressOf(ServiceObject item, string? view) => ServiceUrl.Of(Details.Summary.Key, "objects", ("object", NameOf(item)), ("view", view));
}
