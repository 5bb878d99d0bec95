namespace ControlPlane.Kubernetes.Resources;

/// <summary>One entry of <c>status.conditions</c> (metav1.Condition).</summary>
public sealed record Condition
{
    /// <summary>Type, unique in the list.</summary>
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The <c>metadata.generation</c> that it speaks of.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>When <see cref="Status"/> changed last (UTC).</summary>
    public DateTimeOffset LastTransitionTime { get; init; }

    /// <summary>One CamelCase word for programs; a constant of the kind's conditions file.</summary>
    public required string Reason { get; init; }

    /// <summary>One sentence for people; names the field at fault.</summary>
    public string Message { get; init; } = "";
}

/// <summary>The three values of <see cref="Condition.Status"/>.</summary>
public static class ConditionStatus
{
    /// <summary>It holds.</summary>
    public const string True = "True";

    /// <summary>It does not hold.</summary>
    public const string False = "False";

    /// <summary>Not known (yet).</summary>
    public const string Unknown = "Unknown";
}
