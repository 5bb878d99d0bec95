using System.Globalization;
using ControlPlane.Api.Traffic.Map;
using ControlPlane.Web.Dependencies;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ControlPlane.Web.Traffic;

/// <summary>
/// Who calls whom, as a picture. It stays where it is while only its numbers change. One node at a time can be tabbed to; arrow keys lead to the others.
/// </summary>
public sealed partial class TrafficPicture
{
    private const int MostRates = 24;
    private const double WidestInView = 1600;

    private readonly Dictionary<string, ElementReference> _links = [];
    private Dictionary<string, TrafficNode> _nodes = [];
    private string[] _keys = [];
    private (string From, string To)[] _joints = [];
    private LayeredPicture _layout = null!;
    private GraphScale _scale = GraphScale.Roomy;
    private string? _reachable;
    private string? _focused;
    private string? _pointed;
    private double? _zoom;

    /// <summary>The map.</summary>
    [Parameter, EditorRequired]
    public TrafficMap Map { get; set; } = null!;

    /// <summary>Where the page is.</summary>
    [Parameter, EditorRequired]
    public TrafficUrl Url { get; set; } = null!;

      private bool IsRoomy => _scale == GraphScale.Roomy;

    private bool ShowsRates => IsRoomy && Map.Edges.Count <= MostRates;

    private string? Marked => _pointed ?? _focused;

    private IEnumerable<(TrafficNode Node, (double X, double Y, int Layer) Place)> Nodes =>
        _keys.Select((key, i) => (_nodes[key], _layout.Nodes[i])).OrderBy(static node => node.Item2.Layer).ThenBy(static node => node.Item2.Y);

    private IEnumerable<(TrafficEdge Edge, string Path)> Edges =>
        Map.Edges.Select(edge => (edge, _layout.Edges[Array.IndexOf(_joints, (edge.From, edge.To))].Path));

    /// <summary>True when the map can be narrowed to a node.</summary>
    internal static bool CanFocus(TrafficNode node) => node.Kind is TrafficNodeKind.Service or TrafficNodeKind.Group or TrafficNodeKind.Outside;

    /// <summary>What a node is, in full.</summary>
    internal static string TitleOf(TrafficNode node) => node.Kind switch
    {
        TrafficNodeKind.Service => node.Key,
        TrafficNodeKind.Group => $"{node.Name} ({node.Services})",
        _ => node.Name,
    };

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _nodes = Map.Nodes.ToDictionary(static node => node.Key);
        // In an order that rates don't change, so that the picture does not either.
        string[] keys = [.. _nodes.Keys.Order(StringComparer.Ordinal)];
        (string From, string To)[] joints = [.. Map.Edges.Select(static edge => (edge.From, edge.To)).Order()];
        if (keys.AsSpan().SequenceEqual(_keys) && joints.AsSpan().SequenceEqual(_joints))
        {
            return;
        }

        var isAnother = !keys.AsSpan().SequenceEqual(_keys);
        (_keys, _joints, _scale) = (keys, joints, GraphScale.For(keys.Length));
        _layout = LayeredPicture.Of(keys.Length, [.. joints.Select(joint => (Array.IndexOf(keys, joint.From), Array.IndexOf(keys, joint.To)))], _scale);
        if (isAnother)
        {
            _zoom = IsRoomy && _layout.Width <= WidestInView ? null : 1; // few enough to be read when all are in view; else people scroll
        }

        if (_reachable is null || !_nodes.ContainsKey(_reachable))
        {
            _reachable = Map.Nodes[0].Key;
        }
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Cut(string text, int longest) => text.Length <= longest ? text : $"{text[..(longest - 1)]}…";

    private static string NameOf(TrafficNode node) => node.Kind == TrafficNodeKind.Group ? TitleOf(node) : node.Name;

    private static string More(TrafficNode node) => node.Received.RequestsPerSecond > 0
        ? $"{TrafficWords.Rate(node.Received.RequestsPerSecond)} · {TrafficWords.Share(node.Received.SuccessRate)} · {TrafficWords.Time(node.Received.P95)}"
        : "calls only";

    /// <summary>The busiest has six pixels, and one with a tenth of its requests two less.</summary>
    private double Width(TrafficEdge edge) =>
        Math.Clamp(6 + (2 * Math.Log10(edge.Stats.RequestsPerSecond / Map.Edges[0].Stats.RequestsPerSecond)), 1, 6);

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

    private string EdgeId(TrafficEdge edge) => $"flow-{Array.IndexOf(_joints, (edge.From, edge.To))}";

    private bool LeadsBack(TrafficEdge edge) => _layout.Edges[Array.IndexOf(_joints, (edge.From, edge.To))].LeadsBack;

    private RenderFragment EdgeLabel(TrafficEdge edge) => builder =>
    {
        builder.OpenElement(0, "text");
        builder.SetKey($"rate {edge.From} {edge.To}");
        builder.AddAttribute(1, "class", Marked is null || IsMarked(edge) ? "rate" : "rate dim");
        builder.AddAttribute(2, "dy", "-4");
        builder.AddAttribute(3, "aria-hidden", "true");
        builder.OpenElement(4, "textPath");
        builder.AddAttribute(5, "href", $"#{EdgeId(edge)}");
        builder.AddAttribute(6, "startOffset", "50%");
        builder.AddContent(7, TrafficWords.Rate(edge.Stats.RequestsPerSecond));
        builder.CloseElement();
        builder.CloseElement();
    };

    private string Zoomed(double natural) => Number(natural * (_zoom ?? 1));

    private string NodeClass(TrafficNode node)
    {
        var role = node.Key == Map.Focus ? "node center" : CanFocus(node) ? "node" : "node absent";
        return Marked is null || node.Key == Marked || AreJoined(node.Key, Marked) ? role : $"{role} dim";
    }

    private string EdgeClass(TrafficEdge edge)
    {
        var kind = edge.Stats.SuccessRate switch
        {
            < 0.95 => "edge many",
            < 0.99 => "edge some",
            _ => "edge",
        };
        return Marked is null ? kind : IsMarked(edge) ? $"{kind} marked" : $"{kind} dim";
    }

    private bool IsMarked(TrafficEdge edge) => edge.From == Marked || edge.To == Marked;

    private bool AreJoined(string a, string b) => Array.Exists(_joints, joint => joint == (a, b) || joint == (b, a));

    private async Task MoveAsync(KeyboardEventArgs key)
    {
        var places = _keys.Select((node, i) => (Key: node, _layout.Nodes[i].Layer, _layout.Nodes[i].Y)).OrderBy(static place => place.Layer).ThenBy(static place => place.Y).ToList();
        if (ArrowWalk.Next(places, _reachable, key.Key, AreJoined) is { } next)
        {
            _reachable = next;
            await _links[next].FocusAsync();
        }
    }
}
