namespace LocalCluster.Schemas;

/// <summary>One entry of <c>x-kubernetes-validations</c>.</summary>
internal sealed record ValidationRule
{
    /// <summary>The CEL expression; true means valid.</summary>
    public required string Rule { get; init; }

    /// <summary>What to say when the rule fails; null to show the rule itself.</summary>
    public string? Message { get; init; }

    /// <summary>A CEL expression for what to say; it goes before <see cref="Message"/>.</summary>
    public string? MessageExpression { get; init; }

    /// <summary>The reason that the error carries.</summary>
    public FieldErrorKind Reason { get; init; } = FieldErrorKind.Invalid;

    /// <summary>Path of the field at fault below the rule's own, such as <c>.spec.replicas</c>; empty for the rule's own field.</summary>
    public string FieldPath { get; init; } = "";

    /// <summary>True when <c>oldSelf</c> is an optional value, so that the rule also runs where there is no old value.</summary>
    public bool OptionalOldSelf { get; init; }
}
