using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Status;

/// <summary>Sets conditions as metav1.Condition wants it.</summary>
public static class Conditions
{
    /// <summary>
    /// The conditions as they are now. A condition keeps its <see cref="Condition.LastTransitionTime"/> while its status does not change; one
    /// that is not among the present ones is dropped.
    /// </summary>
    /// <param name="previous">What the status says so far.</param>
    /// <param name="present">What holds now; transition times are ignored.</param>
    /// <param name="generation">The generation that they speak of.</param>
    /// <param name="now">The time of a transition (UTC); stored in whole seconds, as the API keeps it.</param>
    public static IReadOnlyList<Condition> Update(
        IReadOnlyList<Condition> previous, IEnumerable<Condition> present, long generation, DateTimeOffset now)
    {
        var second = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), now.Offset);
        return [.. present.Select(condition => condition with
        {
            ObservedGeneration = generation,
            LastTransitionTime = previous.FirstOrDefault(p => p.Type == condition.Type) is { } before && before.Status == condition.Status
                ? before.LastTransitionTime
                : second,
        })];
    }

    /// <summary>Finds a condition; null when it is not set.</summary>
    public static Condition? Find(this IReadOnlyList<Condition> conditions, string type) => conditions.FirstOrDefault(c => c.Type == type);

    /// <summary>True when the condition is set and its status is <c>True</c>.</summary>
    public static bool IsTrue(this IReadOnlyList<Condition> conditions, string type) => conditions.Find(type)?.Status == ConditionStatus.True;
}
