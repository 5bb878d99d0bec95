namespace LocalCluster.Cel;

/// <summary>
/// Calls that are no functions but shorthand for loops and tests: the standard macros, those of optional values, those with two
/// variables, and <c>sortBy</c>.
/// </summary>
internal static class Macros
{
    /// <summary>The loops' accumulator. The name can't be written in an expression, so nothing can hide it.</summary>
    private const string Accu = "@result";

    private const string Unused = "#unused";

    /// <summary>What a call stands for; null when it is an ordinary call.</summary>
    /// <exception cref="SyntaxException">It is a macro, with arguments that it can't take.</exception>
    public static Expr? Expand(int position, string function, Expr? target, IReadOnlyList<Expr> args) => (function, target, args) switch
    {
        ("has", null, [Select { Mode: SelectMode.Value } field]) => new Select(position, field.Operand, field.Field, SelectMode.Test),
        ("has", null, [var other]) => throw new SyntaxException(other.Position, "invalid argument to has() macro"),
        ("all", { } range, [var x, var test]) => All(position, range, Loop(x), null, test),
        ("all", { } range, [var i, var x, var test]) => All(position, range, Loop(i), Loop(x), test),
        ("exists", { } range, [var x, var test]) => Exists(position, range, Loop(x), null, test),
        ("exists", { } range, [var i, var x, var test]) => Exists(position, range, Loop(i), Loop(x), test),
        ("exists_one" or "existsOne", { } range, [var x, var test]) => ExistsOne(position, range, Loop(x), null, test),
        ("existsOne", { } range, [var i, var x, var test]) => ExistsOne(position, range, Loop(i), Loop(x), test),
        ("map", { } range, [var x, var item]) => Map(position, range, Item(x), null, null, item),
        ("map", { } range, [var x, var test, var item]) => Map(position, range, Item(x), null, test, item),
        ("filter", { } range, [var x, var test]) => Map(position, range, Item(x), null, test, x),
        ("transformList", { } range, [var i, var x, var item]) => Map(position, range, Item(i), Item(x), null, item),
        ("transformList", { } range, [var i, var x, var test, var item]) => Map(position, range, Item(i), Item(x), test, item),
        ("transformMap", { } range, [var k, var v, var value]) => TransformMap(position, range, Item(k), Item(v), null, [k, value]),
        ("transformMap", { } range, [var k, var v, var test, var value]) =>
            TransformMap(position, range, Item(k), Item(v), test, [k, value]),
        ("transformMapEntry", { } range, [var k, var v, var entry]) => TransformMap(position, range, Item(k), Item(v), null, [entry]),
        ("transformMapEntry", { } range, [var k, var v, var test, var entry]) =>
            TransformMap(position, range, Item(k), Item(v), test, [entry]),
        ("optMap", { } optional, [var x, var value]) =>
            WhenPresent(position, optional, x, bound => Qualified(position, "optional", "of", [bound]), value),
        ("optFlatMap", { } optional, [var x, var value]) => WhenPresent(position, optional, x, bound => bound, value),
        ("sortBy", { } list, [var x, var key]) => SortBy(position, list, Item(x), key),
        _ => null,
    };

    private static Comprehension All(int at, Expr range, string variable, string? variable2, Expr test) => new(at)
    {
        Range = range,
        Variable = variable,
        Variable2 = variable2,
        Accumulator = Accu,
        Init = new Literal(at, true),
        Condition = Global(at, Operators.NotStrictlyFalse, AccuAt(at)),
        Step = Global(at, Operators.And, AccuAt(at), test),
        Result = AccuAt(at),
    };

    private static Comprehension Exists(int at, Expr range, string variable, string? variable2, Expr test) => new(at)
    {
        Range = range,
        Variable = variable,
        Variable2 = variable2,
        Accumulator = Accu,
        Init = new Literal(at, false),
        Condition = Global(at, Operators.NotStrictlyFalse, Global(at, Operators.Not, AccuAt(at))),
        Step = Global(at, Operators.Or, AccuAt(at), test),
        Result = AccuAt(at),
    };

    private static Comprehension ExistsOne(int at, Expr range, string variable, string? variable2, Expr test) => new(at)
    {
        Range = range,
        Variable = variable,
        Variable2 = variable2,
        Accumulator = Accu,
        Init = new Literal(at, 0L),
        Condition = new Literal(at, true),
        Step = When(at, test, Global(at, Operators.Add, AccuAt(at), new Literal(at, 1L))),
        Result = Global(at, Operators.Equal, AccuAt(at), new Literal(at, 1L)),
    };

    private static Comprehension Map(int at, Expr range, string variable, string? variable2, Expr? test, Expr item) => new(at)
    {
        Range = range,
        Variable = variable,
        Variable2 = variable2,
        Accumulator = Accu,
        Init = new ListExpr(at, []),
        Condition = new Literal(at, true),
        Step = When(at, test, Global(at, Operators.Add, AccuAt(at), new ListExpr(at, [new(item, false)]))),
        Result = AccuAt(at),
    };

    private static Comprehension TransformMap(int at, Expr range, string key, string value, Expr? test, Expr[] entry) => new(at)
    {
        Range = range,
        Variable = key,
        Variable2 = value,
        Accumulator = Accu,
        Init = new MapExpr(at, []),
        Condition = new Literal(at, true),
        Step = When(at, test, Global(at, Operators.MapInsert, [AccuAt(at), .. entry])),
        Result = AccuAt(at),
    };

    /// <summary>
    /// <c>optional.hasValue() ? wrap(x := optional.value(); value) : optional.none()</c>. The binding is a loop over nothing whose
    /// result is computed with x as the accumulator.
    /// </summary>
    private static Call WhenPresent(int at, Expr optional, Expr variable, Func<Expr, Expr> wrap, Expr value)
    {
        var name = variable is Ident { Name: var x }
            ? x
            : throw new SyntaxException(variable.Position, "optMap() variable name must be a simple identifier");
        var binding = Bind(at, name, new Call(at, "value", optional, []), value);
        return Global(
            at,
            Operators.Conditional,
            new Call(at, "hasValue", optional, []),
            wrap(binding),
            Qualified(at, "optional", "none", []));
    }

    /// <summary>Sorts by keys that are computed once per item: <c>list.@sortByAssociatedKeys(list.map(x, key))</c>.</summary>
    private static Comprehension SortBy(int at, Expr list, string variable, Expr key)
    {
        const string Input = "@sortBy_input";
        var input = new Ident(at, Input);
        var sorted = new Call(at, "@sortByAssociatedKeys", input, [Map(at, input, variable, null, null, key)]);
        return Bind(at, Input, list, sorted);
    }

    private static Comprehension Bind(int at, string name, Expr value, Expr body) => new(at)
    {
        Range = new ListExpr(at, []),
        Variable = Unused,
        Accumulator = name,
        Init = value,
        Condition = new Literal(at, false),
        Step = new Ident(at, name),
        Result = body,
    };

    private static Call When(int at, Expr? test, Call step) =>
        test is null ? step : Global(at, Operators.Conditional, test, step, AccuAt(at));

    private static Call Global(int at, string function, params Expr[] args) => new(at, function, null, args);

    private static Call Qualified(int at, string prefix, string function, Expr[] args) => new(at, function, new Ident(at, prefix), args);

    private static Ident AccuAt(int at) => new(at, Accu);

    private static string Loop(Expr variable) =>
        variable is Ident { Name: var name } ? name : throw new SyntaxException(variable.Position, "argument must be a simple name");

    private static string Item(Expr variable) =>
        variable is Ident { Name: var name } ? name : throw new SyntaxException(variable.Position, "argument is not an identifier");
}
