using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Workloads;

/// <summary>
/// One entry of <c>status.conditions</c> of a built-in kind. The kinds differ in which times they keep; what a kind does not have stays null
/// and is not written.
/// </summary>
internal sealed record StatusCondition
{
    /// <summary>Type, unique in the list.</summary>
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The generation that it speaks of, for kinds that say so.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When whoever reports it was last heard of (nodes).</summary>
    public DateTimeOffset? LastHeartbeatTime { get; init; }

    /// <summary>When it was last found to hold (Deployments).</summary>
    public DateTimeOffset? LastUpdateTime { get; init; }

    /// <summary>When <see cref="Status"/> changed last.</summary>
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>One CamelCase word.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence.</summary>
    public string? Message { get; init; }

    /// <summary>True when <see cref="Status"/> is.</summary>
    [JsonIgnore]
    public bool IsTrue => Status == ConditionStatus.True;
}

/// <summary>Reads and changes lists of conditions.</summary>
internal static class StatusConditions
{
    /// <summary>Finds a condition; null when it is not set.</summary>
    public static StatusCondition? Find(this IReadOnlyList<StatusCondition> conditions, string type) =>
        conditions.FirstOrDefault(c => c.Type == type);

    /// <summary>True when the condition is set and true.</summary>
    public static bool IsTrue(this IReadOnlyList<StatusCondition> conditions, string type) => conditions.Find(type) is { IsTrue: true };

    /// <summary>The list with the condition in place of the one of its type.</summary>
    public static IReadOnlyList<StatusCondition> With(this IReadOnlyList<StatusCondition> conditions, StatusCondition condition)
    {
        var known = conditions.Any(c => c.Type == condition.Type);
        return known ? [.. conditions.Select(c => c.Type == condition.Type ? condition : c)] : [.. conditions, condition];
    }

    /// <summary>The list without conditions of a type.</summary>
    public static IReadOnlyList<StatusCondition> Without(this IReadOnlyList<StatusCondition> conditions, string type) =>
        [.. conditions.Where(c => c.Type != type)];

    /// <summary>
    /// The list with the condition as of now: it keeps its time of transition while its status stays, and the time that it has when nothing
    /// but the time would change.
    /// </summary>
    public static IReadOnlyList<StatusCondition> Set(this IReadOnlyList<StatusCondition> conditions, StatusCondition condition, DateTimeOffset now)
    {
        var since = conditions.Find(condition.Type) is { } before && before.Status == condition.Status ? before.LastTransitionTime : now;
        return conditions.With(condition with { LastTransitionTime = since });
    }
}
