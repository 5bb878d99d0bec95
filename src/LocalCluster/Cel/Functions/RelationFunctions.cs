using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>Equality, order, membership and indexing. The logical operators are the evaluator's own, for they need not look at all operands.</summary>
internal static class RelationFunctions
{
    private static readonly CelType[] Numbers = [CelType.Int, CelType.Uint, CelType.Double];

    private static readonly CelType[] Ordered =
        [CelType.Bool, CelType.String, CelType.Bytes, CelType.Timestamp, CelType.Duration];

    public static IEnumerable<Overload> All =>
    [
        new(Operators.Equal, false, [CelTypes.A, CelTypes.A], CelType.Bool, args => CelValues.Equals(args[0], args[1])),
        new(Operators.NotEqual, false, [CelTypes.A, CelTypes.A], CelType.Bool, args => !CelValues.Equals(args[0], args[1])),
        .. Order(Operators.Less, order => order < 0),
        .. Order(Operators.LessOrEqual, order => order <= 0),
        .. Order(Operators.Greater, order => order > 0),
        .. Order(Operators.GreaterOrEqual, order => order >= 0),

        new(Operators.In, false, [CelTypes.A, CelTypes.ListOfA], CelType.Bool, args => Contains((CelList)args[1], args[0])),
        new(Operators.In, false, [CelTypes.A, CelTypes.MapOfAB], CelType.Bool, args => ((CelMap)args[1]).TryGet(args[0], out _)),

        new(Operators.Index, false, [CelTypes.ListOfA, CelType.Int], CelTypes.A, args => At((CelList)args[0], args[1])),
        new(Operators.Index, false, [CelTypes.MapOfAB, CelTypes.A], CelTypes.B, args => At((CelMap)args[0], args[1])),

        new(Operators.Not, false, [CelType.Bool], CelType.Bool, args => !(bool)args[0]),
        Global("size", CelType.Int, (string text) => (long)CelValues.LengthOf(text)),
        Global("size", CelType.Int, (byte[] bytes) => (long)bytes.Length),
        new("size", false, [CelTypes.ListOfA], CelType.Int, args => Size(args)),
        new("size", false, [CelTypes.MapOfAB], CelType.Int, args => Size(args)),
        Member("size", CelType.Int, (string text) => (long)CelValues.LengthOf(text)),
        Member("size", CelType.Int, (byte[] bytes) => (long)bytes.Length),
        new("size", true, [CelTypes.ListOfA], CelType.Int, args => Size(args)),
        new("size", true, [CelTypes.MapOfAB], CelType.Int, args => Size(args)),

        // The evaluator computes these itself; they are declared for the checker.
        new(Operators.And, false, [CelType.Bool, CelType.Bool], CelType.Bool, NeverInvoked),
        new(Operators.Or, false, [CelType.Bool, CelType.Bool], CelType.Bool, NeverInvoked),
        new(Operators.Conditional, false, [CelType.Bool, CelTypes.A, CelTypes.A], CelTypes.A, NeverInvoked),
        new(Operators.NotStrictlyFalse, false, [CelType.Bool], CelType.Bool, NeverInvoked),
        new(Operators.MapInsert, false, [CelTypes.MapOfAB, CelTypes.A, CelTypes.B], CelTypes.MapOfAB,
            args => Insert((CelMap)args[0], args[1], args[2])),
        new(Operators.MapInsert, false, [CelTypes.MapOfAB, CelTypes.MapOfAB], CelTypes.MapOfAB,
            args => InsertAll((CelMap)args[0], (CelMap)args[1])),
    ];

    /// <summary>The item at an index, which may be any number that is whole.</summary>
    public static object At(CelList list, object index)
    {
        var position = index switch
        {
            long i => i,
            ulong i when i <= int.MaxValue => (long)i,
            double d when d == Math.Floor(d) && Math.Abs(d) <= int.MaxValue => (long)d,
            _ => -1,
        };
        return position >= 0 && position < list.Count ? list[(int)position] : CelError.OutOfBounds(index);
    }

    /// <summary>The value under a key.</summary>
    public static object At(CelMap map, object key) => map.TryGet(key, out var value) ? value : CelError.NoSuchKey(key);

    /// <summary>True when an item of the list equals the value.</summary>
    public static bool Contains(CelList list, object value)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (CelValues.Equals(list[i], value))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Overload> Order(string name, Func<int, bool> holds)
    {
        // The values are ordered or not at run time: NaN has no order though its type has.
        object Compare(object[] args) =>
            CelValues.Compare(args[0], args[1]) is { } order ? holds(order) : new CelError("NaN values cannot be ordered");

        return Ordered.Select(type => new Overload(name, false, [type, type], CelType.Bool, Compare))
            .Concat(Numbers.SelectMany(a => Numbers.Select(b => new Overload(name, false, [a, b], CelType.Bool, Compare))));
    }

    private static long Size(object[] args) => CelValues.SizeOf(args[0]);

    private static object Insert(CelMap map, object key, object value) =>
        map.With(key, value) ?? (object)new CelError($"insert failed: key {CelValues.Show(key)} already exists");

    private static object InsertAll(CelMap map, CelMap entries)
    {
        object result = map;
        foreach (var key in entries.Keys)
        {
            if (result is not CelMap into)
            {
                break;
            }

            result = Insert(into, key, At(entries, key));
        }

        return result;
    }

    private static CelError NeverInvoked(object[] args) => CelError.NoSuchOverload;
}
