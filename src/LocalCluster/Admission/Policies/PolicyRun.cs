using System.Diagnostics.CodeAnalysis;
using LocalCluster.Cel;
using LocalCluster.Resources;

namespace LocalCluster.Admission.Policies;

/// <summary>The evaluation of a policy's expressions for one request with one set of parameters, within its budget.</summary>
internal sealed class PolicyRun
{
    // Kubernetes' limits (apiserver/pkg/apis/cel), in the units of Costs.
    private const double CallLimit = 1_000_000;
    private const double Budget = 10_000_000;
    private const double ConditionBudget = Budget / 4;

    private readonly AdmissionPolicy _policy;
    private readonly object?[] _values;
    private readonly LazyVariables _variables;
    private double _remaining = Budget;

    /// <param name="policy">The policy.</param>
    /// <param name="request">The request.</param>
    /// <param name="version">The version of the resource that the policy sees.</param>
    /// <param name="parameters">The parameters; null for none.</param>
    public PolicyRun(AdmissionPolicy policy, PolicyRequest request, ApiResource version, KubeObject? parameters)
    {
        _policy = policy;
        _values = new object?[PolicyEnvironment.Count];
        _variables = new LazyVariables(policy.Variables, _values);
        _values[PolicyEnvironment.Object] = JsonBinding.ToValue(request.After(version)?.Json);
        _values[PolicyEnvironment.OldObject] = JsonBinding.ToValue(request.Before(version)?.Json);
        _values[PolicyEnvironment.Request] = request.RequestValue(version);
        _values[PolicyEnvironment.NamespaceObject] = request.NamespaceValue();
        _values[PolicyEnvironment.Params] = JsonBinding.ToValue(parameters?.Json);
        _values[PolicyEnvironment.Authorizer] = AuthorizerFunctions.Value(AuthorizerFunctions.Authorizer);
        _values[PolicyEnvironment.RequestResource] = AuthorizerFunctions.Value(AuthorizerFunctions.ResourceCheck);
        _values[PolicyEnvironment.Variables] = _variables;
    }

    /// <summary>Tells whether the policy's conditions hold.</summary>
    /// <exception cref="PolicyException">None is false, but one has no value.</exception>
    public bool Matches()
    {
        _remaining = ConditionBudget;
        var errors = new List<string>();
        foreach (var condition in _policy.MatchConditions)
        {
            var (value, error) = Evaluate(condition);
            if (value is false)
            {
                return false;
            }

            if (error is not null)
            {
                errors.Add(error);
            }
        }

        _remaining = Budget;
        return errors.Count switch
        {
            0 => true,
            1 => throw new PolicyException(errors[0]),
            _ => throw new PolicyException($"[{string.Join(", ", errors)}]"),
        };
    }

    /// <summary>Evaluates an expression.</summary>
    /// <returns>The value, or why there is none.</returns>
    /// <exception cref="PolicyException">The budget is used up.</exception>
    public (object? Value, string? Error) Evaluate(PolicyExpression expression)
    {
        if (expression.Program is not { } program)
        {
            return (null, $"compilation error: {expression.Error}");
        }

        var result = program.Evaluate(_values, CallLimit);
        _remaining -= result.Cost + _variables.TakeCost();
        return _remaining < 0
            ? throw new PolicyException("validation failed due to running out of cost budget, no further validation rules will be run")
            : result.Error is { } error ? (null, $"expression '{expression.Text}' resulted in error: {error}")
            : (result.Value, null);
    }

    /// <summary>The value of <c>variables</c>: each is computed when it is asked for, once.</summary>
    private sealed class LazyVariables(IReadOnlyList<PolicyVariable> variables, object?[] values) : CelMap
    {
        private readonly object?[] _known = new object?[variables.Count];
        private double _cost;

        public override int Count => variables.Count;

        public override IEnumerable<object> Keys => variables.Select(variable => variable.Name);

        /// <summary>What variables cost since this was asked last.</summary>
        public double TakeCost()
        {
            var cost = _cost;
            _cost = 0;
            return cost;
        }

        public override bool TryGet(object key, [NotNullWhen(true)] out object? value)
        {
            for (var i = variables.Count - 1; i >= 0; i--)
            {
                if (variables[i].Name.Equals(key))
                {
                    value = _known[i] ??= Compute(i);
                    return true;
                }
            }

            value = null;
            return false;
        }

        private object Compute(int index)
        {
            var (name, expression) = variables[index];
            if (expression.Program is not { } program)
            {
                return new CelError($"composited variable \"{name}\" fails to compile: {expression.Error}");
            }

            // The compiler sees to it that a variable uses earlier ones only, but for those that say dyn(variables).
            _known[index] = new CelError($"composited variable \"{name}\" depends on itself");
            var result = program.Evaluate(values, CallLimit);
            _cost += result.Cost;
            return result.Error is { } error ? new CelError($"composited variable \"{name}\" fails to evaluate: {error}") : result.Value;
        }
    }
}
