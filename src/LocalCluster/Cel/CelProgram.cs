namespace LocalCluster.Cel;

/// <summary>An expression that was parsed and checked and can be evaluated, by any number of threads at once.</summary>
internal sealed class CelProgram
{
    private readonly Expr _expression;
    private readonly int _variables;
    private readonly int _slots;
    private readonly HashSet<int> _used;

    private CelProgram(Expr expression, int variables, Checker check)
    {
        _expression = expression;
        _variables = variables;
        _slots = check.Slots;
        _used = check.Used;
        EstimatedCost = CostEstimator.Estimate(expression);
    }

    /// <summary>The type of the result.</summary>
    public CelType ResultType => _expression.Type;

    /// <summary>The most that an evaluation can cost (see <see cref="CostEstimator"/>).</summary>
    public double EstimatedCost { get; }

    /// <summary>Parses and checks an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="variables">The names that it can use; evaluations give their values in the same order.</param>
    /// <param name="issues">What is wrong with it, as an API server shows it; null when nothing is.</param>
    /// <returns>The program; null when there are issues.</returns>
    public static CelProgram? Compile(string expression, IReadOnlyList<CelVariable> variables, out string? issues) =>
        Compile(expression, new CelEnvironment(variables), out issues);

    /// <summary>Parses and checks an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="environment">What it can use; evaluations give the values of the variables in the same order.</param>
    /// <param name="issues">What is wrong with it, as an API server shows it; null when nothing is.</param>
    /// <returns>The program; null when there are issues.</returns>
    public static CelProgram? Compile(string expression, CelEnvironment environment, out string? issues)
    {
        var found = new List<CelIssue>();
        CelProgram? program = null;
        if (Parser.Parse(expression, found) is { } parsed)
        {
            var check = Checker.Check(parsed, environment, found);
            program = found.Count == 0 ? new CelProgram(parsed, environment.Variables.Count, check) : null;
        }

        issues = program is null ? CelIssue.Show(expression, found) : null;
        return program;
    }

    /// <summary>True when the expression mentions a variable.</summary>
    /// <param name="variable">Its index among the variables.</param>
    public bool Uses(int variable) => _used.Contains(variable);

    /// <summary>Evaluates the expression. It never throws.</summary>
    /// <param name="variables">The values of the variables; null for one that has none.</param>
    /// <param name="costLimit">What the evaluation may cost.</param>
    public CelResult Evaluate(ReadOnlySpan<object?> variables, double costLimit)
    {
        var slots = new object?[Math.Max(_slots, _variables)];
        variables.CopyTo(slots);
        var evaluation = new Evaluation(slots, costLimit);
        try
        {
            return new CelResult(evaluation.Evaluate(_expression), evaluation.Cost);
        }
        catch (CostLimitException e)
        {
            return new CelResult(new CelError(e.Message), evaluation.Cost);
        }
    }
}

/// <summary>The outcome of an evaluation.</summary>
/// <param name="Value">The value, or a <see cref="CelError"/>.</param>
/// <param name="Cost">What the evaluation cost.</param>
internal readonly record struct CelResult(object Value, double Cost)
{
    /// <summary>Why there is no value; null when there is one.</summary>
    public string? Error => (Value as CelError)?.Message;
}
