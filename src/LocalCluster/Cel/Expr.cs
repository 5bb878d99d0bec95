namespace LocalCluster.Cel;

/// <summary>
/// A node of a parsed expression. The parser makes it; the checker fills in types, variables' slots and overloads, once; after that
/// it does not change and may be evaluated by many threads.
/// </summary>
/// <param name="position">Index in the expression of the character that errors point at.</param>
internal abstract class Expr(int position)
{
    /// <summary>Index in the expression of the character that errors point at.</summary>
    public int Position { get; } = position;

    /// <summary>The type that the checker deduced.</summary>
    public CelType Type { get; set; } = CelType.Dyn;

    /// <summary>The type that the expression names, such as <c>int</c>, where it names one.</summary>
    public CelType? NamedType { get; set; }

    /// <summary>The nodes directly below, in the order of evaluation.</summary>
    public abstract IEnumerable<Expr> Children { get; }
}

/// <summary>A constant.</summary>
internal sealed class Literal(int position, object value) : Expr(position)
{
    public object Value { get; } = value;

    public override IEnumerable<Expr> Children => [];
}

/// <summary>A variable, or the name of a type.</summary>
internal sealed class Ident(int position, string name) : Expr(position)
{
    public string Name { get; } = name;

    /// <summary>Where the variable's value is at run time.</summary>
    public int Slot { get; set; }

    public override IEnumerable<Expr> Children => [];
}

/// <summary>A field of an object or an entry of a map: <c>a.b</c>, <c>a.?b</c> or <c>has(a.b)</c>.</summary>
internal sealed class Select(int position, Expr operand, string field, SelectMode mode) : Expr(position)
{
    public Expr Operand { get; } = operand;

    public string Field { get; } = field;

    public SelectMode Mode { get; } = mode;

    /// <summary>Where the value is at run time when the whole path is the name of a variable, such as <c>authorizer.requestResource</c>.</summary>
    public int? Slot { get; set; }

    public override IEnumerable<Expr> Children => [Operand];
}

/// <summary>What a <see cref="Select"/> yields.</summary>
internal enum SelectMode : byte
{
    /// <summary>The value; an error when there is none.</summary>
    Value,

    /// <summary>The value if there is one.</summary>
    Optional,

    /// <summary>Whether there is a value.</summary>
    Test,
}

/// <summary>A call of a function, a method or an operator (operators have the names of <see cref="Operators"/>).</summary>
internal sealed class Call(int position, string function, Expr? target, IReadOnlyList<Expr> arguments) : Expr(position)
{
    public string Function { get; } = function;

    /// <summary>What the method is called on; null for a function. A qualified name such as <c>sets.contains</c> looks like one until it is checked.</summary>
    public Expr? Target { get; } = target;

    public IReadOnlyList<Expr> Arguments { get; } = arguments;

    /// <summary>Target and arguments in one list, as functions take them.</summary>
    public IReadOnlyList<Expr> Operands { get; set; } = target is null ? arguments : [target, .. arguments];

    /// <summary>What can be called, given the types; more than one where some are known at run time only.</summary>
    public IReadOnlyList<Overload> Overloads { get; set; } = [];

    public override IEnumerable<Expr> Children => Operands;
}

/// <summary>A list: <c>[a, ?b]</c>.</summary>
internal sealed class ListExpr(int position, IReadOnlyList<ListExpr.Item> items) : Expr(position)
{
    public IReadOnlyList<Item> Items { get; } = items;

    public override IEnumerable<Expr> Children => Items.Select(item => item.Value);

    /// <summary>One item; an optional one is left out when it has no value.</summary>
    internal readonly record struct Item(Expr Value, bool IsOptional);
}

/// <summary>A map: <c>{k: a, ?l: b}</c>.</summary>
internal sealed class MapExpr(int position, IReadOnlyList<MapExpr.Entry> entries) : Expr(position)
{
    public IReadOnlyList<Entry> Entries { get; } = entries;

    public override IEnumerable<Expr> Children => Entries.SelectMany(entry => new[] { entry.Key, entry.Value });

    /// <summary>One entry; an optional one is left out when it has no value.</summary>
    internal readonly record struct Entry(Expr Key, Expr Value, bool IsOptional);
}

/// <summary>An object of a named type: <c>Object.spec{replicas: 1, ?paused: b}</c>.</summary>
internal sealed class ObjectExpr(int position, string typeName, IReadOnlyList<ObjectExpr.Field> fields) : Expr(position)
{
    public string TypeName { get; } = typeName;

    public IReadOnlyList<Field> Fields { get; } = fields;

    public override IEnumerable<Expr> Children => Fields.Select(entry => entry.Value);

    /// <summary>One field; an optional one is left out when it has no value.</summary>
    internal readonly record struct Field(int Position, string Name, Expr Value, bool IsOptional);
}

/// <summary>
/// The loop that macros expand to: <c>accu = init; for (x in range; condition) accu = step; result</c>.
/// </summary>
internal sealed class Comprehension(int position) : Expr(position)
{
    public required Expr Range { get; init; }

    /// <summary>The item of a list or the key of a map; with two variables the index of a list or the key of a map.</summary>
    public required string Variable { get; init; }

    /// <summary>With two variables, the item of a list or the value of a map.</summary>
    public string? Variable2 { get; init; }

    public required string Accumulator { get; init; }

    public required Expr Init { get; init; }

    public required Expr Condition { get; init; }

    public required Expr Step { get; init; }

    public required Expr Result { get; init; }

    /// <summary>Where the loop's variables are at run time: this one and the next two are variable, second variable, accumulator.</summary>
    public int FirstSlot { get; set; }

    public override IEnumerable<Expr> Children => [Range, Init, Condition, Step, Result];
}

/// <summary>The names that operators have as functions.</summary>
internal static class Operators
{
    public const string Conditional = "_?_:_";
    public const string And = "_&&_";
    public const string Or = "_||_";
    public const string Not = "!_";
    public const string Negate = "-_";
    public const string Equal = "_==_";
    public const string NotEqual = "_!=_";
    public const string Less = "_<_";
    public const string LessOrEqual = "_<=_";
    public const string Greater = "_>_";
    public const string GreaterOrEqual = "_>=_";
    public const string Add = "_+_";
    public const string Subtract = "_-_";
    public const string Multiply = "_*_";
    public const string Divide = "_/_";
    public const string Modulo = "_%_";
    public const string In = "@in";
    public const string Index = "_[_]";
    public const string OptionalIndex = "_[?_]";

    /// <summary>False only for false: what a loop asks so that an error does not end it.</summary>
    public const string NotStrictlyFalse = "@not_strictly_false";

    /// <summary>Adds an entry to the map that a loop builds.</summary>
    public const string MapInsert = "cel.@mapInsert";
}
