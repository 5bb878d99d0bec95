namespace LocalCluster.Cel;

/// <summary>
/// Deduces the types of a parsed expression, resolves names and calls, and reports what does not fit (cel-spec, langdef:
/// "Gradual Type Checking").
/// </summary>
internal sealed class Checker
{
    private readonly List<CelIssue> _issues;
    private readonly TypeInference _types = new();
    private readonly List<(string Name, CelType Type, int Slot)> _scope = [];
    private readonly CelEnvironment _environment;

    // Lists and maps have items of one type, save for those that are given to format().
    private int _formats;

    private Checker(CelEnvironment environment, List<CelIssue> issues)
    {
        _issues = issues;
        _environment = environment;
        foreach (var variable in environment.Variables)
        {
            Declare(variable.Name, variable.Type);
        }
    }

    /// <summary>How many values an evaluation must have room for: the variables, then those of loops.</summary>
    public int Slots { get; private set; }

    /// <summary>The variables that the expression uses, by index.</summary>
    public HashSet<int> Used { get; } = [];

    /// <summary>Checks an expression and writes down in its nodes what was deduced.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="environment">What it can use.</param>
    /// <param name="issues">Takes what is wrong with it.</param>
    public static Checker Check(Expr expression, CelEnvironment environment, List<CelIssue> issues)
    {
        var checker = new Checker(environment, issues);
        checker.Visit(expression);
        checker.Settle(expression);
        return checker;
    }

    private CelType Visit(Expr expression) => expression.Type = expression switch
    {
        Literal literal => CelValues.TypeOf(literal.Value),
        Ident ident => VisitIdent(ident),
        Select select => VisitSelect(select),
        Call call => VisitCall(call),
        ListExpr list => VisitList(list),
        MapExpr map => VisitMap(map),
        ObjectExpr obj => VisitObject(obj),
        Comprehension loop => VisitLoop(loop),
        _ => CelType.Error,
    };

    /// <summary>Replaces the variables of types by what they were found to be, once the whole expression is known.</summary>
    private void Settle(Expr expression)
    {
        expression.Type = _types.Resolve(expression.Type, unknownIsDyn: true);
        foreach (var child in expression.Children)
        {
            Settle(child);
        }
    }

    private CelType VisitIdent(Ident ident)
    {
        if (Use(ident.Name) is { } variable)
        {
            ident.Slot = variable.Slot;
            return variable.Type;
        }

        return NamedType(ident, ident.Name) ?? Undeclared(ident, ident.Name);
    }

    private (CelType Type, int Slot)? Use(string name)
    {
        for (var i = _scope.Count - 1; i >= 0; i--)
        {
            if (_scope[i].Name != name)
            {
                continue;
            }

            if (i < _environment.Variables.Count)
            {
                Used.Add(i);
            }

            return (_scope[i].Type, _scope[i].Slot);
        }

        return null;
    }

    private CelType VisitSelect(Select select)
    {
        if (QualifiedName(select) is { } name)
        {
            if (Use(name) is { } variable)
            {
                select.Slot = variable.Slot;
                return variable.Type;
            }

            if (!IsDeclared(name) && NamedType(select, name) is { } named)
            {
                return named;
            }
        }

        var operand = _types.Resolve(Visit(select.Operand));
        var isOptional = operand.Kind == CelKind.Optional;
        var field = FieldType(select, isOptional ? operand.Parameters[0] : operand);
        return select.Mode == SelectMode.Test ? CelType.Bool
            : isOptional || select.Mode == SelectMode.Optional ? CelType.Optional(field)
            : _types.Resolve(field);
    }

    private CelType FieldType(Select select, CelType target)
    {
        switch (target.Kind)
        {
            case CelKind.Map:
                return target.Parameters[1];
            case CelKind.Object:
                return target.Field(select.Field) ?? Issue(select, $"undefined field '{select.Field}'");
            case CelKind.Variable:
                _types.TryAssign(CelType.Dyn, target);
                return CelType.Dyn;
            case CelKind.Dyn or CelKind.Error:
                return CelType.Dyn;
            default:
                return Issue(select, $"type '{target}' does not support field selection");
        }
    }

    private CelType VisitCall(Call call)
    {
        // a.b.c() calls either the function a.b.c or the method c of a.b.
        if (call.Target is not null
            && QualifiedName(call.Target) is { } prefix
            && !IsDeclared(prefix)
            && _environment.Find($"{prefix}.{call.Function}") is { } qualified)
        {
            call.Operands = call.Arguments;
            VisitOperands(call);
            return Resolve(call, qualified, isMember: false);
        }

        VisitOperands(call);
        return _environment.Find(call.Function) is { } function
            ? Resolve(call, function, call.Target is not null)
            : Undeclared(call, call.Function);
    }

    private void VisitOperands(Call call)
    {
        var isFormat = call.Function == "format";
        _formats += isFormat ? 1 : 0;
        foreach (var operand in call.Operands)
        {
            Visit(operand);
        }

        _formats -= isFormat ? 1 : 0;
    }

    private CelType Resolve(Call call, IReadOnlyList<Overload> candidates, bool isMember)
    {
        var operands = call.Operands.Select(operand => operand.Type).ToArray();
        if (call.Function is Operators.And or Operators.Or)
        {
            call.Overloads = candidates;
            return call.Operands.Select((operand, i) => Require(operand, CelType.Bool, operands[i])).All(fits => fits)
                ? CelType.Bool
                : CelType.Error;
        }

        var matching = new List<Overload>();
        CelType? result = null;
        foreach (var overload in candidates)
        {
            if (overload.IsMember != isMember || overload.Parameters.Length != operands.Length)
            {
                continue;
            }

            var signature = _types.Instantiate([overload.Result, .. overload.Parameters]);
            if (!_types.TryAssign(operands, signature.AsSpan(1)))
            {
                continue;
            }

            matching.Add(overload);
            var type = _types.Resolve(signature[0]);
            result = result is null || result.Equals(type) ? type : CelType.Dyn;
        }

        if (result is null)
        {
            var shown = operands.Select(type => _types.Resolve(type, unknownIsDyn: true).ToString()).ToList();
            var signature = isMember ? $"{shown[0]}.({string.Join(", ", shown.Skip(1))})" : $"({string.Join(", ", shown)})";
            return Issue(call, $"found no matching overload for '{candidates[0].Function}' applied to '{signature}'");
        }

        call.Overloads = matching;
        LiteralArguments.Check(call, _issues);
        return result;
    }

    private CelType VisitList(ListExpr list)
    {
        CelType? items = null;
        foreach (var item in list.Items)
        {
            items = Join(item.Value, items, Unwrap(item.Value, Visit(item.Value), item.IsOptional));
        }

        return CelType.List(items ?? _types.NewVariable());
    }

    private CelType VisitMap(MapExpr map)
    {
        CelType? keys = null;
        CelType? values = null;
        foreach (var entry in map.Entries)
        {
            keys = Join(entry.Key, keys, Visit(entry.Key));
            values = Join(entry.Value, values, Unwrap(entry.Value, Visit(entry.Value), entry.IsOptional));
        }

        return CelType.Map(keys ?? _types.NewVariable(), values ?? _types.NewVariable());
    }

    private CelType VisitObject(ObjectExpr obj)
    {
        if (_environment.FindObject(obj.TypeName) is not { } type)
        {
            return Undeclared(obj, obj.TypeName);
        }

        foreach (var field in obj.Fields)
        {
            var given = Unwrap(field.Value, Visit(field.Value), field.IsOptional);
            if (type.Field(field.Name) is not { } wanted)
            {
                _issues.Add(new CelIssue(field.Position, $"undefined field '{field.Name}'"));
            }
            else if (!_types.TryAssign(given, wanted))
            {
                var shown = _types.Resolve(given, unknownIsDyn: true);
                _issues.Add(new CelIssue(
                    field.Position, $"expected type of field '{field.Name}' is '{wanted}' but provided type is '{shown}'"));
            }
        }

        return type;
    }

    private CelType VisitLoop(Comprehension loop)
    {
        var range = _types.Resolve(Visit(loop.Range));
        var accumulator = Visit(loop.Init);
        var (first, second) = LoopVariables(loop, range);

        var outer = _scope.Count;
        loop.FirstSlot = Declare(loop.Variable, first);
        Declare(loop.Variable2 ?? "", second);
        var accumulatorAt = _scope.Count;
        Declare(loop.Accumulator, accumulator);
        Visit(loop.Condition);
        Require(loop.Condition, CelType.Bool, loop.Condition.Type);
        Visit(loop.Step);
        Require(loop.Step, accumulator, loop.Step.Type);

        // The result sees the accumulator but not the variables of the loop.
        var kept = _scope[accumulatorAt];
        _scope.RemoveRange(outer, _scope.Count - outer);
        _scope.Add(kept);
        var result = _types.Resolve(Visit(loop.Result));
        _scope.RemoveAt(outer);
        return result;
    }

    private (CelType First, CelType Second) LoopVariables(Comprehension loop, CelType range)
    {
        switch (range.Kind)
        {
            case CelKind.List:
                return loop.Variable2 is null ? (range.Parameters[0], CelType.Dyn) : (CelType.Int, range.Parameters[0]);
            case CelKind.Map:
                return (range.Parameters[0], range.Parameters[1]);
            case CelKind.Dyn or CelKind.Error or CelKind.Variable:
                _types.TryAssign(CelType.Dyn, range);
                return (CelType.Dyn, CelType.Dyn);
            default:
                Issue(loop.Range, $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)");
                return (CelType.Error, CelType.Error);
        }
    }

    /// <summary>Brings a name into scope. Slots are handed out like a stack: loops that are not nested share them.</summary>
    private int Declare(string name, CelType type)
    {
        var slot = _scope.Count == 0 ? 0 : _scope.Max(declared => declared.Slot) + 1;
        _scope.Add((name, type, slot));
        Slots = Math.Max(Slots, slot + 1);
        return slot;
    }

    private bool IsDeclared(string qualifiedName)
    {
        var first = qualifiedName.Split('.')[0];
        return _scope.Exists(declared => declared.Name == first);
    }

    private static CelType? NamedType(Expr expression, string name)
    {
        if (!CelTypes.Named.TryGetValue(name, out var type))
        {
            return null;
        }

        expression.NamedType = type;
        return CelType.TypeOf(type);
    }

    /// <summary>The name that an expression may be, such as <c>a.b.c</c>; null for all that are none.</summary>
    public static string? QualifiedName(Expr expression) => expression switch
    {
        Ident ident => ident.Name,
        Select { Mode: SelectMode.Value } select when QualifiedName(select.Operand) is { } prefix => $"{prefix}.{select.Field}",
        _ => null,
    };

    private CelType Join(Expr item, CelType? before, CelType type) =>
        before is null ? type
        : _types.TryAssign(before, type) ? TypeInference.MostGeneral(before, type)
        : _formats > 0 ? CelType.Dyn
        : Mismatch(item, before, type);

    private CelType Unwrap(Expr value, CelType type, bool isOptional)
    {
        var resolved = _types.Resolve(type);
        return !isOptional ? type
            : resolved.Kind == CelKind.Optional ? resolved.Parameters[0]
            : resolved.IsDynOrError ? resolved
            : Mismatch(value, CelType.Optional(resolved), resolved);
    }

    private bool Require(Expr expression, CelType wanted, CelType type)
    {
        if (_types.TryAssign(wanted, type))
        {
            return true;
        }

        Mismatch(expression, wanted, type);
        return false;
    }

    private CelType Mismatch(Expr expression, CelType wanted, CelType type) => Issue(
        expression,
        $"expected type '{_types.Resolve(wanted, unknownIsDyn: true)}' but found '{_types.Resolve(type, unknownIsDyn: true)}'");

    private CelType Undeclared(Expr expression, string name) =>
        Issue(expression, $"undeclared reference to '{name}' (in container '')");

    private CelType Issue(Expr expression, string message)
    {
        _issues.Add(new CelIssue(expression.Position, message));
        return CelType.Error;
    }
}
