namespace LocalCluster.Cel;

/// <summary>
/// Estimates the most that a checked expression can cost, from what the types say of the sizes of values.
/// </summary>
/// <remarks>
/// It follows the estimate of kube-apiserver (cel-go's checker/cost.go with Kubernetes' library/cost.go) in its units, its formulas
/// and what it knows of sizes, and differs where that would be much code for little: only the upper bound is computed; the sizes of
/// values inside of literals and of results of functions are bounded more coarsely; a few library functions have a flat price.
/// An expression near a limit may therefore fall on the other side of it.
/// </remarks>
internal sealed class CostEstimator
{
    private readonly Dictionary<(int Slot, string Name), Bound> _locals = [];

    private CostEstimator()
    {
    }

    /// <summary>The most that the expression can cost.</summary>
    public static double Estimate(Expr expression) => new CostEstimator().Visit(expression).Cost;

    private Estimated Visit(Expr expression) => expression switch
    {
        Literal literal => new(0, new Bound(CelValues.SizeOf(literal.Value))),
        { NamedType: not null } => new(0, new Bound(1)),
        Ident ident => new(Costs.Access, _locals.TryGetValue((ident.Slot, ident.Name), out var bound) ? bound : Bound.Of(ident.Type)),
        Select { Mode: SelectMode.Test } test => new(Visit(test.Operand).Cost, new Bound(1)),
        Select select => new(Visit(select.Operand).Cost + Costs.Access, Bound.Of(select.Type)),
        Call call => VisitCall(call),
        ListExpr list => VisitList(list),
        MapExpr map => new(Costs.CreateMap + map.Children.Sum(child => Visit(child).Cost), new Bound(map.Entries.Count)),
        Comprehension loop => VisitLoop(loop),
        _ => new(0, Bound.Of(expression.Type)),
    };

    private Estimated VisitCall(Call call)
    {
        var operands = call.Operands.Select(Visit).ToArray();
        if (call.Function == Operators.Conditional)
        {
            var larger = operands[1].Bound.Size >= operands[2].Bound.Size ? operands[1].Bound : operands[2].Bound;
            return new(operands[0].Cost + Math.Max(operands[1].Cost, operands[2].Cost), larger);
        }

        var function = call.Overloads.Count > 0 ? call.Overloads[0].Function : call.Function;
        var sizes = operands.Select(operand => operand.Bound.Size).ToArray();
        if (function is "isSorted" or "min" or "max" or "join" && operands[0].Bound.Item is { Size: > 1 and var itemSize })
        {
            sizes[0] *= 1 + (itemSize / 10);
        }

        var first = call.Operands.Count == 0 ? CelKind.Null : call.Operands[0].Type.Kind;
        var cost = operands.Sum(operand => operand.Cost) + Costs.Of(function, first, sizes);
        return new(cost, ResultBound(call, function, operands));
    }

    private static Bound ResultBound(Call call, string function, Estimated[] operands) => function switch
    {
        Operators.Add when call.Type.Kind is CelKind.String or CelKind.Bytes or CelKind.List =>
            new(operands[0].Bound.Size + operands[1].Bound.Size, operands[0].Bound.Item ?? operands[1].Bound.Item),
        Operators.Index or Operators.OptionalIndex => operands[0].Bound.Item ?? Bound.Of(call.Type),
        "lowerAscii" or "upperAscii" or "substring" or "trim" or "find" or "string" or "dyn" or "sort" or "reverse" or "distinct"
            or "slice" or "value" or "optional.of" => operands[0].Bound,
        "bytes" => new(4 * operands[0].Bound.Size),
        "strings.quote" => new((2 * operands[0].Bound.Size) + 2),
        "split" or "findAll" => new(operands[0].Bound.Size, new Bound(operands[0].Bound.Size)),
        "replace" => new((operands[0].Bound.Size + 1) * Math.Max(1, operands[2].Bound.Size)),
        "orValue" => operands[0].Bound.Size >= operands[1].Bound.Size ? operands[0].Bound : operands[1].Bound,
        _ => Bound.Of(call.Type),
    };

    private Estimated VisitList(ListExpr list)
    {
        var items = list.Items.Select(item => Visit(item.Value)).ToArray();
        var largest = items.Select(item => item.Bound).MaxBy(bound => bound.Size);
        return new(Costs.CreateList + items.Sum(item => item.Cost), new Bound(items.Length, largest));
    }

    private Estimated VisitLoop(Comprehension loop)
    {
        var range = Visit(loop.Range);
        var init = Visit(loop.Init);
        var isMap = loop.Range.Type.Kind == CelKind.Map;
        var key = isMap ? Bound.Of(loop.Range.Type.Parameters[0]) : new Bound(1);
        var item = range.Bound.Item ?? Bound.Of(ItemType(loop.Range.Type));
        _locals[(loop.FirstSlot, loop.Variable)] = loop.Variable2 is null && !isMap ? item : key;
        _locals[(loop.FirstSlot + 1, loop.Variable2 ?? "")] = item;
        _locals[(loop.FirstSlot + 2, loop.Accumulator)] = init.Bound;

        var condition = Visit(loop.Condition);
        var step = Visit(loop.Step);
        var result = Visit(loop.Result);
        var cost = range.Cost + init.Cost + (range.Bound.Size * (condition.Cost + step.Cost)) + result.Cost;

        // A loop that collects has at most one item for each of the range.
        return new(cost, loop.Init is ListExpr or MapExpr ? new Bound(range.Bound.Size, step.Bound.Item) : result.Bound);
    }

    private static CelType ItemType(CelType range) => range.Kind switch
    {
        CelKind.List => range.Parameters[0],
        CelKind.Map => range.Parameters[1],
        _ => CelType.Dyn,
    };

    private readonly record struct Estimated(double Cost, Bound Bound);

    /// <summary>The greatest size that a value can have, and that its items can have if it has any.</summary>
    private sealed record Bound(double Size, Bound? Item = null)
    {
        public static Bound Of(CelType type) => new(
            type.MaxSize ?? (IsVariable(type) ? Costs.UnknownSize : 1),
            type.Kind is CelKind.List or CelKind.Map or CelKind.Optional ? Of(ItemOf(type)) : null);

        private static CelType ItemOf(CelType type) => type.Parameters[^1];

        private static bool IsVariable(CelType type) => type.Kind switch
        {
            CelKind.String or CelKind.Bytes or CelKind.List or CelKind.Map or CelKind.Dyn => true,
            CelKind.Optional => IsVariable(type.Parameters[0]),
            _ => false,
        };
    }
}
