namespace LocalCluster.Cel;

/// <summary>One run of a checked expression: its values, and what it has cost so far.</summary>
/// <param name="slots">The values of variables, and room for those of loops.</param>
/// <param name="limit">What the run may cost.</param>
internal sealed class Evaluation(object?[] slots, double limit)
{
    /// <summary>What the run has cost so far.</summary>
    public double Cost { get; private set; }

    /// <summary>Computes an expression.</summary>
    /// <returns>Its value, or a <see cref="CelError"/>.</returns>
    /// <exception cref="CostLimitException">It costs more than it may.</exception>
    public object Evaluate(Expr expression) => expression switch
    {
        Literal literal => literal.Value,
        { NamedType: { } type } => type,
        Ident ident => Read(ident.Slot, ident.Name),
        Select { Slot: { } slot } path => Read(slot, path.Field),
        Select select => Field(select),
        Call call => Invoke(call),
        Comprehension loop => Loop(loop),
        ListExpr list => List(list),
        MapExpr map => Map(map),
        ObjectExpr obj => Object(obj),
        _ => CelError.NoSuchOverload,
    };

    private object Read(int slot, string name)
    {
        Charge(Costs.Access);
        return slots[slot] ?? new CelError($"no such attribute(s): {name}");
    }

    private object Field(Select select)
    {
        var operand = Evaluate(select.Operand);
        if (operand is CelError)
        {
            return operand;
        }

        var isOptional = operand is CelOptional || select.Mode == SelectMode.Optional;
        object? value = null;
        var isPresent = (operand is CelOptional optional ? optional.Value : operand) is CelMap map && map.TryGet(select.Field, out value);
        if (select.Mode == SelectMode.Test)
        {
            return isPresent;
        }

        Charge(Costs.Access);
        return isPresent ? isOptional ? CelOptional.Of(value!) : value!
            : isOptional ? CelOptional.None
            : operand is CelMap ? CelError.NoSuchKey(select.Field)
            : CelError.NoSuchOverload;
    }

    private object Invoke(Call call) => call.Function switch
    {
        Operators.And => Logical(call, decisive: false),
        Operators.Or => Logical(call, decisive: true),
        Operators.Conditional => Conditional(call),
        Operators.NotStrictlyFalse => NotStrictlyFalse(call),
        "or" or "orValue" when Evaluate(call.Operands[0]) is var first => first switch
        {
            CelOptional { Value: null } => Evaluate(call.Operands[1]),
            CelOptional { Value: var value } => call.Function == "or" ? first : value,
            CelError => first,
            _ => CelError.NoSuchOverload,
        },
        _ => Strict(call),
    };

    /// <summary>
    /// <c>&amp;&amp;</c> and <c>||</c>: the decisive value on either side decides, even if the other side is an error.
    /// </summary>
    private object Logical(Call call, bool decisive)
    {
        var left = Evaluate(call.Operands[0]);
        if (left is bool l && l == decisive)
        {
            return left;
        }

        var right = Evaluate(call.Operands[1]);
        if (right is bool r && r == decisive)
        {
            return right;
        }

        return left is bool && right is bool ? !decisive
            : left is CelError ? left
            : right is CelError ? right
            : CelError.NoSuchOverload;
    }

    private object Conditional(Call call) => Evaluate(call.Operands[0]) switch
    {
        true => Evaluate(call.Operands[1]),
        false => Evaluate(call.Operands[2]),
        CelError error => error,
        _ => CelError.NoSuchOverload,
    };

    private object NotStrictlyFalse(Call call)
    {
        var value = Evaluate(call.Operands[0]);
        Charge(1);
        return value is not false;
    }

    private object Strict(Call call)
    {
        var operands = new object[call.Operands.Count];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = Evaluate(call.Operands[i]);
            if (operands[i] is CelError)
            {
                return operands[i];
            }
        }

        foreach (var overload in call.Overloads)
        {
            if (overload.Accepts(operands))
            {
                Charge(CostOf(overload, operands));
                return overload.Invoke(operands);
            }
        }

        return CelError.NoSuchOverload;
    }

    private static double CostOf(Overload overload, object[] operands)
    {
        Span<double> sizes = stackalloc double[operands.Length];
        for (var i = 0; i < operands.Length; i++)
        {
            sizes[i] = CelValues.SizeOf(operands[i]);
        }

        return Costs.Of(overload.Function, KindOf(operands, 0), KindOf(operands, 1), sizes);
    }

    private static CelKind KindOf(object[] operands, int at) => operands.Length > at ? CelValues.TypeOf(operands[at]).Kind : CelKind.Null;

    private object Loop(Comprehension loop)
    {
        var range = Evaluate(loop.Range);
        if (range is CelError)
        {
            return range;
        }

        slots[loop.FirstSlot + 2] = Evaluate(loop.Init);
        switch (range)
        {
            case CelList list:
                for (var i = 0; i < list.Count; i++)
                {
                    var item = list[i];
                    if (!(loop.Variable2 is null ? Step(loop, item, null) : Step(loop, (long)i, item)))
                    {
                        break;
                    }
                }

                break;
            case CelMap map:
                foreach (var key in map.Keys)
                {
                    if (!Step(loop, key, loop.Variable2 is not null && map.TryGet(key, out var value) ? value : null))
                    {
                        break;
                    }
                }

                break;
            default:
                return new CelError($"got '{CelValues.TypeOf(range).Name}', expected iterable type");
        }

        return Evaluate(loop.Result);
    }

    private bool Step(Comprehension loop, object first, object? second)
    {
        slots[loop.FirstSlot] = first;
        slots[loop.FirstSlot + 1] = second;
        if (Evaluate(loop.Condition) is false)
        {
            return false;
        }

        slots[loop.FirstSlot + 2] = Evaluate(loop.Step);
        return true;
    }

    private object List(ListExpr list)
    {
        Charge(Costs.CreateList);
        var items = new List<object>(list.Items.Count);
        foreach (var item in list.Items)
        {
            var value = Evaluate(item.Value);
            if (value is CelError)
            {
                return value;
            }

            if (!item.IsOptional)
            {
                items.Add(value);
            }
            else if (value is not CelOptional optional)
            {
                return new CelError($"cannot initialize optional list element from non-optional value {CelValues.Show(value)}");
            }
            else if (optional.Value is not null)
            {
                items.Add(optional.Value);
            }
        }

        return CelList.Of(items);
    }

    private object Map(MapExpr map)
    {
        Charge(Costs.CreateMap);
        var entries = new List<KeyValuePair<object, object>>(map.Entries.Count);
        foreach (var entry in map.Entries)
        {
            var key = Evaluate(entry.Key);
            var value = key is CelError ? key : Evaluate(entry.Value);
            if (value is CelError)
            {
                return value;
            }

            var present = entry.IsOptional ? Unwrap(key, value) : value;
            if (present is CelError)
            {
                return present;
            }

            if (present is not null)
            {
                entries.Add(new(key, present));
            }
        }

        return CelMap.Of(entries);
    }

    private object Object(ObjectExpr obj)
    {
        Charge(Costs.CreateObject);
        var fields = new Dictionary<string, object>(obj.Fields.Count);
        foreach (var field in obj.Fields)
        {
            var value = Evaluate(field.Value);
            var present = field.IsOptional && value is not CelError ? Unwrap(field.Name, value) : value;
            if (present is CelError)
            {
                return present;
            }

            if (present is not null)
            {
                fields[field.Name] = present;
            }
        }

        return new CelObject(obj.Type, fields);
    }

    /// <summary>The value of an optional entry; null when it has none.</summary>
    private static object? Unwrap(object key, object value) => value is CelOptional optional
        ? optional.Value
        : new CelError($"cannot initialize optional entry '{CelValues.Show(key)}' from non-optional value {CelValues.Show(value)}");

    private void Charge(double cost)
    {
        Cost += cost;
        if (Cost > limit)
        {
            throw new CostLimitException();
        }
    }
}

/// <summary>Ends a run that costs more than it may. It does not leave <see cref="CelProgram"/>.</summary>
internal sealed class CostLimitException() : Exception("operation cancelled: actual cost limit exceeded");
