namespace LocalCluster.Cel;

/// <summary>
/// Estimates the most that a checked expression can cost, from what the types say of the sizes of values.
/// </summary>
/// <remarks>
/// It follows the estimate of kube-apiserver (cel-go's checker/cost.go with Kubernetes' library/cost.go) in its units, its formulas
/// and what it knows of sizes: a value that can be reached by a path from a variable has the size that its type says, one that a
/// function computes has the size that <see cref="ResultSize"/> says, and a loop over computed items takes these for empty. It
/// differs where that would be much code for little, by a few units for each use: sizes of entries of computed lists and maps, and
/// sorting. An expression right at a limit may therefore fall on the other side of it.
/// </remarks>
internal sealed class CostEstimator
{
    private readonly Dictionary<(int Slot, string Name), double> _locals = [];

    private CostEstimator()
    {
    }

    /// <summary>The most that the expression can cost.</summary>
    public static double Estimate(Expr expression) => new CostEstimator().Visit(expression).Cost;

    /// <summary>The cost of an expression, and the greatest size of its value.</summary>
    private (double Cost, double Size) Visit(Expr expression) => expression switch
    {
        Literal literal => (0, CelValues.SizeOf(literal.Value)),
        { NamedType: not null } => (0, 1),
        Ident ident => (Costs.Access, _locals.TryGetValue((ident.Slot, ident.Name), out var size) ? size : SizeOf(ident.Type)),
        Select { Slot: not null } path => (Costs.Access, SizeOf(path.Type)),
        Select { Mode: SelectMode.Test } test => (Visit(test.Operand).Cost, 1),
        Select select => (Visit(select.Operand).Cost + Costs.Access, SizeOf(select.Type)),
        Call call => VisitCall(call),
        ListExpr list => (Costs.CreateList + list.Items.Sum(item => Visit(item.Value).Cost), list.Items.Count),
        MapExpr map => (Costs.CreateMap + map.Children.Sum(child => Visit(child).Cost), map.Entries.Count),
        ObjectExpr obj => (Costs.CreateObject + obj.Children.Sum(child => Visit(child).Cost), 1),
        Comprehension loop => VisitLoop(loop),
        _ => (0, SizeOf(expression.Type)),
    };

    private (double Cost, double Size) VisitCall(Call call)
    {
        var operands = call.Operands.Select(Visit).ToArray();
        if (call.Function == Operators.Conditional)
        {
            return (
                operands[0].Cost + Math.Max(operands[1].Cost, operands[2].Cost), Math.Max(operands[1].Size, operands[2].Size));
        }

        var function = call.Overloads.Count > 0 ? call.Overloads[0].Function : call.Function;
        var sizes = operands.Select(operand => operand.Size).ToArray();
        var result = ResultSize(call, function, sizes);
        if (function is "isSorted" or "min" or "max" or "indexOf" or "lastIndexOf" && ItemSize(call.Operands[0]) is { } itemSize)
        {
            // Texts are compared character by character.
            sizes[0] *= 1 + Math.Ceiling(itemSize / 10);
        }
        else if (function is "slice" or "lists.range" or "join")
        {
            // Their cost is that of what they make; it is half of that for texts, which Costs counts twice.
            sizes[0] = function == "join" ? result / 2 : result;
        }

        var cost = operands.Sum(operand => operand.Cost) + Costs.Of(function, KindOf(call, 0), KindOf(call, 1), sizes);
        return (cost, result);
    }

    /// <summary>The greatest size of what a call yields.</summary>
    private static double ResultSize(Call call, string function, double[] sizes) => function switch
    {
        Operators.Index => IsPath(call.Operands[0]) ? SizeOf(call.Type) : 0,
        Operators.Add when call.Type.Kind is CelKind.String or CelKind.Bytes or CelKind.List => sizes[0] + sizes[1],
        "lowerAscii" or "upperAscii" or "substring" or "trim" or "find" or "findAll" or "url" or "dyn" or "sort" or "reverse"
            or "distinct" => sizes[0],
        "string" when call.Operands[0].Type.Kind == CelKind.Bytes => sizes[0],
        "bytes" => 4 * sizes[0],
        "strings.quote" => (2 * sizes[0]) + 2,
        "split" => Constant(call, 2) ?? sizes[0],
        "slice" => Math.Max(0, (Constant(call, 2) ?? sizes[0]) - (Constant(call, 1) ?? 0)),
        "lists.range" => Constant(call, 0) ?? Costs.UnknownSize,
        "replace" => ReplacedSize(call.Operands[1] is Literal ? sizes[1] : 0, sizes),
        "join" => (sizes[0] * (ItemSize(call.Operands[0]) ?? 0))
            + (sizes.Length > 1 ? sizes[1] * Math.Max(0, sizes[0] - 1) : 0),
        _ => UnboundedSizeOf(call.Type),
    };

    private static double ReplacedSize(double shortestReplaced, double[] sizes) =>
        shortestReplaced == 0 ? ((sizes[0] + 1) * sizes[2]) + sizes[0]
        : sizes[2] <= shortestReplaced ? sizes[0]
        : Math.Ceiling(sizes[0] / shortestReplaced) * sizes[2];

    private static double? Constant(Call call, int operand) =>
        call.Operands.Count > operand && call.Operands[operand] is Literal { Value: long number } ? number : null;

    private static CelKind KindOf(Call call, int operand) =>
        call.Operands.Count > operand ? call.Operands[operand].Type.Kind : CelKind.Null;

    private (double Cost, double Size) VisitLoop(Comprehension loop)
    {
        var range = Visit(loop.Range);
        var init = Visit(loop.Init);
        var item = ItemType(loop.Range.Type);
        var first = loop.Range.Type.Kind == CelKind.Map ? loop.Range.Type.Parameters[0] : loop.Variable2 is null ? item : CelType.Int;
        var isPath = IsPath(loop.Range);
        _locals[(loop.FirstSlot, loop.Variable)] = isPath ? SizeOf(first) : 0;
        _locals[(loop.FirstSlot + 1, loop.Variable2 ?? "")] = isPath ? SizeOf(item) : 0;
        _locals[(loop.FirstSlot + 2, loop.Accumulator)] = init.Size;

        var condition = Visit(loop.Condition);
        var step = Visit(loop.Step);
        var result = Visit(loop.Result);
        var cost = range.Cost + init.Cost + (range.Size * (condition.Cost + step.Cost)) + result.Cost;

        // A loop that collects has at most one item for each of the range.
        return (cost, loop.Init is ListExpr or MapExpr ? range.Size : result.Size);
    }

    private static bool IsPath(Expr expression) => expression switch
    {
        Ident => true,
        Select { Mode: SelectMode.Value } select => IsPath(select.Operand),
        Call { Function: Operators.Index } index => IsPath(index.Operands[0]),
        _ => false,
    };

    /// <summary>The greatest size of the texts in a list; null when it has none. Nothing is known of those that are computed.</summary>
    private static double? ItemSize(Expr list) => ItemType(list.Type) switch
    {
        { Kind: CelKind.String or CelKind.Bytes } item => IsPath(list) ? SizeOf(item) : Costs.UnknownSize,
        _ => null,
    };

    private static CelType ItemType(CelType range) => range.Kind is CelKind.List or CelKind.Map ? range.Parameters[^1] : CelType.Dyn;

    private static double SizeOf(CelType type) => type.MaxSize ?? UnboundedSizeOf(type);

    private static double UnboundedSizeOf(CelType type) => type.Kind switch
    {
        CelKind.String or CelKind.Bytes or CelKind.List or CelKind.Map or CelKind.Dyn or CelKind.Optional => Costs.UnknownSize,
        _ => 1,
    };
}
