namespace LocalCluster.Cel;

/// <summary>
/// Finds out what type variables stand for while an expression is checked (unification, as the CEL language definition has it:
/// dyn goes with everything, and the more general of two types that go together wins).
/// </summary>
internal sealed class TypeInference
{
    private Dictionary<CelType, CelType> _bindings = [];
    private int _fresh;

    /// <summary>A variable that nothing is known of yet.</summary>
    public CelType NewVariable() => CelType.Variable($"_var{_fresh++}");

    /// <summary>A signature with fresh variables in place of its own, because each call binds them anew.</summary>
    public CelType[] Instantiate(ReadOnlySpan<CelType> signature)
    {
        var names = new Dictionary<string, CelType>();
        var instance = new CelType[signature.Length];
        for (var i = 0; i < instance.Length; i++)
        {
            instance[i] = Rename(signature[i], names);
        }

        return instance;
    }

    /// <summary>True when each value can be used where the target is asked for; then the variables on both sides are bound.</summary>
    public bool TryAssign(ReadOnlySpan<CelType> values, ReadOnlySpan<CelType> targets)
    {
        var before = _bindings;
        _bindings = new(before);
        for (var i = 0; i < values.Length; i++)
        {
            if (!Assign(values[i], targets[i]))
            {
                _bindings = before;
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc cref="TryAssign(ReadOnlySpan{CelType}, ReadOnlySpan{CelType})"/>
    public bool TryAssign(CelType value, CelType target) => TryAssign([value], [target]);

    /// <summary>The type with its variables replaced as far as they are known.</summary>
    /// <param name="type">The type.</param>
    /// <param name="unknownIsDyn">True to take the others for dyn, when no more will be learnt.</param>
    public CelType Resolve(CelType type, bool unknownIsDyn = false)
    {
        if (type.Kind == CelKind.Variable)
        {
            return _bindings.TryGetValue(type, out var bound) ? Resolve(bound, unknownIsDyn) : unknownIsDyn ? CelType.Dyn : type;
        }

        if (type.Parameters.Length == 0)
        {
            return type;
        }

        var parameters = Array.ConvertAll(type.Parameters, parameter => Resolve(parameter, unknownIsDyn));
        return parameters.AsSpan().SequenceEqual(type.Parameters) ? type : type.WithParameters(parameters);
    }

    /// <summary>The more general of two types that go together.</summary>
    public static CelType MostGeneral(CelType a, CelType b) => IsAsGeneral(a, b) ? a : b;

    private static bool IsAsGeneral(CelType a, CelType b)
    {
        if (a.Kind is CelKind.Dyn or CelKind.Variable)
        {
            return true;
        }

        if (b.Kind is CelKind.Dyn or CelKind.Variable || a.Kind != b.Kind || a.Name != b.Name)
        {
            return false;
        }

        return a.Kind == CelKind.Type || a.Parameters.Zip(b.Parameters).All(pair => IsAsGeneral(pair.First, pair.Second));
    }

    private static CelType Rename(CelType type, Dictionary<string, CelType> names, Func<CelType> fresh)
    {
        if (type.Kind == CelKind.Variable)
        {
            return names.TryGetValue(type.Name, out var known) ? known : names[type.Name] = fresh();
        }

        return type.Parameters.Length == 0
            ? type
            : type.WithParameters(Array.ConvertAll(type.Parameters, parameter => Rename(parameter, names, fresh)));
    }

    private CelType Rename(CelType type, Dictionary<string, CelType> names) => Rename(type, names, NewVariable);

    private bool Assign(CelType value, CelType target)
    {
        if (target.Kind == CelKind.Variable && Bind(target, value) is { } bound)
        {
            return bound;
        }

        if (value.Kind == CelKind.Variable)
        {
            return Bind(value, target) ?? false;
        }

        if (value.IsDynOrError || target.IsDynOrError)
        {
            return true;
        }

        if (value.Kind == CelKind.Null || target.Kind == CelKind.Null)
        {
            return IsNullable(value) && IsNullable(target);
        }

        if (value.Kind != target.Kind || value.Name != target.Name)
        {
            return false;
        }

        return value.Kind == CelKind.Type
            || value.Parameters.Zip(target.Parameters).All(pair => Assign(pair.First, pair.Second));
    }

    private static bool IsNullable(CelType type) =>
        type.Kind is CelKind.Null or CelKind.Object or CelKind.Opaque or CelKind.Optional or CelKind.Duration or CelKind.Timestamp;

    /// <summary>Binds a variable.</summary>
    /// <returns>False when it stands for another type already; null when the type contains the variable itself.</returns>
    private bool? Bind(CelType variable, CelType type)
    {
        if (variable.Equals(type))
        {
            return true;
        }

        if (_bindings.TryGetValue(variable, out var known))
        {
            if (known.Equals(type))
            {
                return true;
            }

            if (!Assign(type, known))
            {
                return false;
            }

            var general = MostGeneral(type, known);
            if (!Occurs(variable, general))
            {
                _bindings[variable] = general;
            }

            return true;
        }

        if (Occurs(variable, type))
        {
            return null;
        }

        _bindings[variable] = type;
        return true;
    }

    private bool Occurs(CelType variable, CelType type)
    {
        if (type.Equals(variable))
        {
            return true;
        }

        return type.Kind == CelKind.Variable
            ? _bindings.TryGetValue(type, out var bound) && Occurs(variable, bound)
            : type.Parameters.Any(parameter => Occurs(variable, parameter));
    }
}
