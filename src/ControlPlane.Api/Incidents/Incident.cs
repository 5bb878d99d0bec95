using System.Globalization;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace ControlPlane.Api.Incidents;

/// <summary>Something that is wrong for users, from the moment that somebody says so until it is mended.</summary>
public sealed class Incident
{
    /// <summary>Longest title, in characters.</summary>
    public const int LongestTitle = 200;

    /// <summary>Services that one may name.</summary>
    public const int MostServices = 50;

    /// <summary>Its number; people say <see cref="Id"/>.</summary>
    public long Number { get; init; }

    /// <summary>What people call it, such as <c>INC-7</c>.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"INC-{Number}");

    /// <summary>How bad it is.</summary>
    public required IncidentSeverity Severity { get; init; }

    /// <summary>What is wrong, in a few words, without names of people.</summary>
    public required string Title { get; init; }

    /// <summary>Services that it concerns, as <c>namespace/name</c>.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>What opened it, such as <c>CanaryRollout shop/order</c>: the next time, the same incident is told more. Null when a person did.</summary>
    public string? Source { get; init; }

    /// <summary>When it was declared (UTC).</summary>
    public required DateTimeOffset DeclaredAt { get; init; }

    /// <summary>Opaque id of who declared it.</summary>
    public required string DeclaredBy { get; init; }

    /// <summary>When it was resolved (UTC); null while it is open.</summary>
    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>Opaque id of who resolved it; null while it is open.</summary>
    public string? ResolvedBy { get; set; }

    /// <summary>What is known of it.</summary>
    public IReadOnlyList<IncidentNote> Timeline => _timeline;

    private readonly List<IncidentNote> _timeline = [];

    internal void Add(IncidentNote note) => _timeline.Add(note);
}
