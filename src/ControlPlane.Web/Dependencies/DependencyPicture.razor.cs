using System.Globalization;
using ControlPlane.Api.Fleet;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Web.Elements;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Dependencies;

/// <summary>A dependency graph as a picture. One service at a time can be tabbed to; arrow keys lead to the others.</summary>
public sealed partial class DependencyPicture
{
    private readonly Dictionary<string, ElementReference> _links = [];
    private DependencyGraph? _laidOut;
    private GraphLayout _layout = null!;
    private string? _reachable;
    private string? _focused;
    private string? _pointed;
    private double? _zoom;

    /// <summary>The graph.</summary>
    [Parameter, EditorRequired]
    public DependencyGraph Graph { get; set; } = null!;

    /// <summary>The service in the middle.</summary>
    [Parameter, EditorRequired]
    public ObjectKey Center { get; set; }

    private bool IsRoomy => _layout.Scale == GraphScale.Roomy;

    private string? Marked => _pointed ?? _focused;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_laidOut, Graph))
        {
            return;
        }

        var before = _laidOut;
        _laidOut = Graph;
        _layout = GraphLayout.Of(Graph);
        if (_reachable is null || _layout.Nodes.All(node => node.Key != _reachable))
        {
            _reachable = Center.ToString();
        }

        // Few enough to be read when all are in view: then show all; else show them as they are, and let people scroll.
        if (before is null || before.Nodes.Count != Graph.Nodes.Count)
        {
            _zoom = IsRoomy ? null : 1;
        }
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Cut(string text, int longest) => text.Length <= longest ? text : $"{text[..(longest - 1)]}…";

    /// <summary>A text of the picture. In markup Razor takes its element for an instruction.</summary>
    private static RenderFragment Label(int x, int y, string @class, string text) => builder =>
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", x);
        builder.AddAttribute(2, "y", y);
        builder.AddAttribute(3, "class", @class);
        builder.AddContent(4, text);
        builder.CloseElement();
    };

    private string Zoomed(double natural) => Number(natural * (_zoom ?? 1));

    private string More(PlacedNode node, Look look) =>
        node.Node.Namespace == Center.Namespace ? look.Word : $"{node.Node.Namespace} · {look.Word}";

    private string NodeClass(PlacedNode node)
    {
        var role = node.Key == Center.ToString() ? "node center" : node.Node.Health is null ? "node absent" : "node";
        return Marked is null || node.Key == Marked || Graph.Edges.Any(edge => (edge.From == Marked && edge.To == node.Key) || (edge.To == Marked && edge.From == node.Key))
            ? role
            : $"{role} dim";
    }

    private string EdgeClass(PlacedEdge edge)
    {
        var kind = edge.LeadsBack ? "edge back" : edge.Edge.Optional ? "edge optional" : "edge";
        return Marked is null ? kind : edge.Edge.From == Marked || edge.Edge.To == Marked ? $"{kind} marked" : $"{kind} dim";
    }

    private async Task MoveAsync(KeyboardEventArgs key)
    {
        var places = _layout.Nodes.Select(static node => (node.Key, node.Layer, node.Y)).ToList();
        if (ArrowWalk.Next(places, _reachable, key.Key, AreJoined) is { } next)
        {
            _reachable = next;
            await _links[next].FocusAsync();
        }
    }

    private bool AreJoined(string a, string b) => Graph.Edges.Any(edge => (edge.From, edge.To) == (a, b) || (edge.To, edge.From) == (a, b));
}
