using System.Globalization;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Which objects of a kind a cache holds.</summary>
/// <param name="Namespace">One namespace; null for all.</param>
/// <param name="LabelSelector">Only objects with these labels; null for all.</param>
/// <param name="FieldSelector">Only objects with these fields; null for all.</param>
public sealed record CacheScope(string? Namespace = null, string? LabelSelector = null, string? FieldSelector = null)
{
    /// <summary>Every object of the kind.</summary>
    public static CacheScope All { get; } = new();

    internal ListQuery ToList() => new() { Namespace = Namespace, LabelSelector = LabelSelector, FieldSelector = FieldSelector };

    internal string ToWatchPath(ResourceType type, string resourceVersion, int timeoutSeconds)
    {
        var path = (ToList() with { Limit = 0 }).ToPath(type);
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var seconds = timeoutSeconds.ToString(CultureInfo.InvariantCulture);
        return $"{path}{separator}watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}&resourceVersion={Uri.EscapeDataString(resourceVersion)}";
    }
}
