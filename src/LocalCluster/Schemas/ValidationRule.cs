using LocalCluster.Cel;

namespace LocalCluster.Schemas;

/// <summary>One entry of <c>x-kubernetes-validations</c>, compiled.</summary>
internal sealed record ValidationRule
{
    /// <summary>Index of the variable <c>self</c> among those of the programs.</summary>
    public const int Self = 0;

    /// <summary>Index of the variable <c>oldSelf</c> among those of the programs.</summary>
    public const int OldSelf = 1;

    /// <summary>The CEL expression; true means valid.</summary>
    public required string Rule { get; init; }

    /// <summary>The compiled rule; null when it does not compile.</summary>
    public CelProgram? Program { get; init; }

    /// <summary>Why the rule does not compile; null when it does.</summary>
    public string? Error { get; init; }

    /// <summary>What to say when the rule fails; empty to show the rule itself.</summary>
    public string Message { get; init; } = "";

    /// <summary>A CEL expression for what to say; it goes before <see cref="Message"/>. Empty for none.</summary>
    public string MessageExpression { get; init; } = "";

    /// <summary>The compiled message expression; null when there is none or when it does not compile.</summary>
    public CelProgram? MessageProgram { get; init; }

    /// <summary>Why the message expression does not compile; null when it does.</summary>
    public string? MessageError { get; init; }

    /// <summary>The reason that the error carries.</summary>
    public FieldErrorKind Reason { get; init; } = FieldErrorKind.Invalid;

    /// <summary>Path of the field at fault below the rule's own, such as <c>spec.replicas</c>; empty for the rule's own field.</summary>
    public string FieldPath { get; init; } = "";

    /// <summary>True when <c>oldSelf</c> is an optional value, so that the rule also runs where there is no old value.</summary>
    public bool OptionalOldSelf { get; init; }

    /// <summary>True when the rule compares with the old value.</summary>
    public bool UsesOldSelf => Program?.Uses(OldSelf) == true;

    /// <summary>How errors name the rule.</summary>
    public string DisplayName => (Message.Length > 0 ? Message : Rule).Trim();
}
