using LocalCluster.Cel;

namespace LocalCluster.Admission.Policies;

/// <summary>One expression of a policy, compiled once for each generation of the policy.</summary>
internal sealed record PolicyExpression
{
    private PolicyExpression(string path, string text) => (Path, Text) = (path, text);

    /// <summary>Where it is in the policy, such as <c>spec.validations[0].expression</c>.</summary>
    public string Path { get; }

    /// <summary>The expression.</summary>
    public string Text { get; }

    /// <summary>The compiled expression; null when it does not compile.</summary>
    public CelProgram? Program { get; private init; }

    /// <summary>What the compiler says against it, line by line; null when nothing.</summary>
    public string? Issues { get; private init; }

    /// <summary>Why it can't be used; null when it can.</summary>
    public string? Error { get; private init; }

    /// <summary>Compiles an expression.</summary>
    /// <param name="path">Where it is in the policy.</param>
    /// <param name="text">The expression.</param>
    /// <param name="environment">What it can use.</param>
    /// <param name="results">The types that it may yield; none for any.</param>
    public static PolicyExpression Compile(string path, string text, CelEnvironment environment, params CelType[] results)
    {
        var expression = new PolicyExpression(path, text);
        if (CelProgram.Compile(text, environment, out var issues) is not { } program)
        {
            return expression with { Issues = issues, Error = $"compilation failed: {issues}" };
        }

        expression = expression with { Program = program };
        return results.Length == 0 || results.Contains(program.ResultType) ? expression
            : expression with { Error = $"must evaluate to {Show(results)} but got {program.ResultType}" };
    }

    private static string Show(CelType[] types) => types is [var only] ? $"{only}" : $"one of [{string.Join(' ', types.AsEnumerable())}]";
}
