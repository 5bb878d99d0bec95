using System.ComponentModel;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace ControlPlane.Api.Traffic.Map;

/// <summary>What of the traffic is asked for. The console's address bar uses the same words.</summary>
public sealed record TrafficMapRequest
{
    /// <summary>How far back, when nothing is said.</summary>
    public const string DefaultWindow = "5m";

    private static readonly Dictionary<string, TimeSpan> KnownWindows = new()
    {
        ["1m"] = TimeSpan.FromMinutes(1), [DefaultWindow] = TimeSpan.FromMinutes(5), ["15m"] = TimeSpan.FromMinutes(15),
    };

    /// <summary>The windows that can be asked for, the shortest first.</summary>
    public static IReadOnlyList<string> Windows { get; } = [.. KnownWindows.OrderBy(static window => window.Value).Select(static window => window.Key)];

    /// <summary>How far back: 1m, 5m or 15m.</summary>
    [FromQuery(Name = "window")]
    [Description("How far back traffic is counted: 1m, 5m or 15m. Default 5m.")]
    public string? Window { get; init; }

    /// <summary>By what services are put together.</summary>
    [FromQuery(Name = "group")]
    [Description("By what services are put together: none, context, team or namespace. By default each is shown by itself up to thirty, and beyond by context.")]
    public string? Group { get; init; }

    /// <summary>Key of a service or group.</summary>
    [FromQuery(Name = "focus")]
    [Description("Narrows to what a service (namespace/name) or group (context:ordering, team:orders, namespace:shop) sends and gets.")]
    public string? Focus { get; init; }

    /// <summary>Text.</summary>
    [FromQuery(Name = "q")]
    [Description("Words that the name, team or bounded context of either end must contain.")]
    public string? Text { get; init; }

    /// <summary>How far back.</summary>
    /// <exception cref="RequestException">It is none of the windows.</exception>
    internal TimeSpan Length() => KnownWindows.TryGetValue(Window ?? DefaultWindow, out var length)
        ? length
        : throw RequestException.BadParameter("window", $"'{Window}' is none of {string.Join(", ", Windows)}");

    /// <exception cref="RequestException">A parameter has a value that is none of those it may have.</exception>
    internal MapView View() => new()
    {
        Grouping = string.IsNullOrEmpty(Group) ? null : EnumParameter.Parse<TrafficGrouping>("group", Group),
        Focus = string.IsNullOrEmpty(Focus) ? null : Focus,
        Text = Text,
    };
}
