using ControlPlane.Kubernetes.Resources;

namespace Gateway.Planning;

/// <summary>Makes conditions; when and for which generation they hold is added when they are written.</summary>
internal static class PlannedCondition
{
    /// <summary>It holds. The reason is the type's own name, as the Gateway API has it, where no other is given.</summary>
    public static Condition True(string type, string? reason = null, string message = "") =>
        new() { Type = type, Status = ConditionStatus.True, Reason = reason ?? type, Message = message };

    /// <summary>It does not hold.</summary>
    public static Condition False(string type, string reason, string message) =>
        new() { Type = type, Status = ConditionStatus.False, Reason = reason, Message = message };

    /// <summary>It does not hold when there is a problem, and holds when there is none.</summary>
    public static Condition Of(string type, Problem? problem, string? reason = null) =>
        problem is null ? True(type, reason) : False(type, problem.Reason, problem.Message);
}

/// <summary>What is wrong, for programs and for people.</summary>
/// <param name="Reason">Reason of the condition.</param>
/// <param name="Message">One sentence that names the field.</param>
internal sealed record Problem(string Reason, string Message);
