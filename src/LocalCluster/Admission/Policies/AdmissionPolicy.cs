namespace LocalCluster.Admission.Policies;

/// <summary>The name of a kind.</summary>
/// <param name="ApiVersion">Its group and version.</param>
/// <param name="Kind">Its name.</param>
internal sealed record KindName(string ApiVersion, string Kind)
{
    /// <summary>As Go shows a GroupVersionKind, where the core group is there as an empty one.</summary>
    public override string ToString() => $"{(ApiVersion.Contains('/', StringComparison.Ordinal) ? "" : "/")}{ApiVersion}, Kind={Kind}";
}

/// <summary>A value that a policy computes at most once for an object, when something asks for it.</summary>
/// <param name="Name">The name, as in <c>variables.name</c>.</param>
/// <param name="Expression">What it is.</param>
internal sealed record PolicyVariable(string Name, PolicyExpression Expression);

/// <summary>A policy, compiled. One that validates has no mutations, one that mutates has nothing but those.</summary>
internal sealed record AdmissionPolicy
{
    public required string Name { get; init; }

    /// <summary><c>failurePolicy: Ignore</c>: what can't be decided is admitted.</summary>
    public required bool IgnoresFailures { get; init; }

    /// <summary>The kind of its parameters; null when it has none.</summary>
    public required KindName? ParamKind { get; init; }

    /// <summary>The requests that it is about.</summary>
    public required MatchCriteria Constraints { get; init; }

    /// <summary>Expressions all of which must be true of such a request.</summary>
    public required IReadOnlyList<PolicyExpression> MatchConditions { get; init; }

    /// <summary>In the order of declaration: each sees those before it.</summary>
    public required IReadOnlyList<PolicyVariable> Variables { get; init; }

    public required IReadOnlyList<PolicyValidation> Validations { get; init; }

    public required IReadOnlyList<PolicyExpression> AuditAnnotations { get; init; }

    public required IReadOnlyList<PolicyMutation> Mutations { get; init; }

    /// <summary><c>reinvocationPolicy: IfNeeded</c>: it looks once more at objects that were changed after its turn.</summary>
    public required bool IsReinvoked { get; init; }

    /// <summary>All its expressions.</summary>
    public IEnumerable<PolicyExpression> Expressions =>
    [
        .. MatchConditions, .. Variables.Select(variable => variable.Expression), .. Validations.SelectMany(validation => validation.Expressions),
        .. AuditAnnotations, .. Mutations.Select(mutation => mutation.Expression),
    ];
}

/// <summary>What must be true of an object.</summary>
/// <param name="Expression">True when it is.</param>
/// <param name="Message">What to say when it is not; empty to show the expression.</param>
/// <param name="MessageExpression">A text to say; it goes before the message. Null for none.</param>
/// <param name="Reason">Reason of the refusal.</param>
internal sealed record PolicyValidation(PolicyExpression Expression, string Message, PolicyExpression? MessageExpression, string Reason)
{
    /// <summary>Its expressions.</summary>
    public IEnumerable<PolicyExpression> Expressions => MessageExpression is null ? [Expression] : [Expression, MessageExpression];
}

/// <summary>A change of objects.</summary>
/// <param name="Expression">Computes the change.</param>
/// <param name="IsJsonPatch">True for a list of operations, false for an object to be merged.</param>
internal sealed record PolicyMutation(PolicyExpression Expression, bool IsJsonPatch);
