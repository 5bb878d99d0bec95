using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>Kubernetes' library of lists (<c>isSorted</c>, <c>sum</c>, …), version 3 of cel-go's, and the <c>sets</c> functions.</summary>
internal static class ListFunctions
{
    private static readonly CelType[] Comparable =
    [
        CelType.Int, CelType.Uint, CelType.Double, CelType.Bool, CelType.Duration, CelType.Timestamp, CelType.String, CelType.Bytes,
    ];

    private static readonly (CelType Type, object Zero)[] Summable =
        [(CelType.Int, 0L), (CelType.Uint, 0UL), (CelType.Double, 0.0), (CelType.Duration, default(CelDuration))];

    private static readonly Dictionary<CelType, Overload> Addition =
        ArithmeticFunctions.All.Where(f => f.Function == Operators.Add && f.Parameters[0].Equals(f.Result)).ToDictionary(f => f.Result);

    public static IEnumerable<Overload> All =>
    [
        .. Comparable.Select(type => OfList("isSorted", type, CelType.Bool, IsSorted)),
        .. Comparable.Select(type => OfList("min", type, type, list => Extreme("min", list, order => order < 0))),
        .. Comparable.Select(type => OfList("max", type, type, list => Extreme("max", list, order => order > 0))),
        .. Summable.Select(sum => OfList("sum", sum.Type, sum.Type, list => Sum(list, sum.Zero, Addition[sum.Type]))),
        new("indexOf", true, [CelTypes.ListOfA, CelTypes.A], CelType.Int, args => IndexOf((CelList)args[0], args[1], 1)),
        new("lastIndexOf", true, [CelTypes.ListOfA, CelTypes.A], CelType.Int, args => IndexOf((CelList)args[0], args[1], -1)),

        new("slice", true, [CelTypes.ListOfA, CelType.Int, CelType.Int], CelTypes.ListOfA,
            args => Slice((CelList)args[0], (long)args[1], (long)args[2])),
        new("flatten", true, [CelType.List(CelTypes.ListOfA)], CelTypes.ListOfA, args => CelList.Of(Flatten((CelList)args[0], 1))),
        new("flatten", true, [CelTypes.AnyList, CelType.Int], CelTypes.AnyList, args => (long)args[1] < 0
            ? new CelError("level must be non-negative")
            : CelList.Of(Flatten((CelList)args[0], (long)args[1]))),
        .. Comparable.Select(type => OfList("sort", type, CelType.List(type), list => SortBy(list, list))),
        .. Comparable.Select(type => new Overload(
            "@sortByAssociatedKeys",
            true,
            [CelTypes.ListOfA, CelType.List(type)],
            CelTypes.ListOfA,
            args => SortBy((CelList)args[0], (CelList)args[1]))),
        new("reverse", true, [CelTypes.ListOfA], CelTypes.ListOfA, args => CelList.Of(((CelList)args[0]).Items().Reverse())),
        new("distinct", true, [CelTypes.ListOfA], CelTypes.ListOfA, args => Distinct((CelList)args[0])),
        new("first", true, [CelTypes.ListOfA], CelTypes.OptionalOfA, args => Edge((CelList)args[0], list => list[0])),
        new("last", true, [CelTypes.ListOfA], CelTypes.OptionalOfA, args => Edge((CelList)args[0], list => list[list.Count - 1])),
        Global("lists.range", CelType.List(CelType.Int), (long count) => Range(count)),

        Sets("sets.contains", ContainsAll),
        Sets("sets.equivalent", (a, b) => ContainsAll(a, b) && ContainsAll(b, a)),
        Sets("sets.intersects", (a, b) => a.Items().Any(item => RelationFunctions.Contains(b, item))),
    ];

    private static Overload OfList(string name, CelType item, CelType result, Func<CelList, object> invoke) =>
        new(name, true, [CelType.List(item)], result, args => invoke((CelList)args[0]));

    private static Overload Sets(string name, Func<CelList, CelList, bool> holds) => new(
        name, false, [CelTypes.ListOfA, CelTypes.ListOfA], CelType.Bool, args => holds((CelList)args[0], (CelList)args[1]));

    private static object IsSorted(CelList list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            if (CelValues.Compare(list[i - 1], list[i]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static object Extreme(string name, CelList list, Func<int, bool> better)
    {
        object? best = null;
        foreach (var item in list.Items())
        {
            if (best is null || (CelValues.Compare(item, best) is { } order && better(order)))
            {
                best = item;
            }
        }

        return best ?? new CelError($"{name} called on empty list");
    }

    private static object Sum(CelList list, object zero, Overload add)
    {
        var total = zero;
        for (var i = 0; i < list.Count && total is not CelError; i++)
        {
            object[] operands = [total, list[i]];
            total = add.Accepts(operands) ? add.Invoke(operands) : CelError.NoSuchOverload;
        }

        return total;
    }

    private static long IndexOf(CelList list, object value, int step)
    {
        for (var i = step > 0 ? 0 : list.Count - 1; i >= 0 && i < list.Count; i += step)
        {
            if (CelValues.Equals(list[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    private static object Slice(CelList list, long start, long end)
    {
        var problem = start < 0 || end < 0 ? "negative indexes not supported"
            : start > end ? "start index must be less than or equal to end index"
            : end > list.Count ? $"list is length {list.Count}"
            : null;
        return problem is null
            ? CelList.Of(list.Items().Take((int)start..(int)end))
            : new CelError($"cannot slice({start}, {end}), {problem}");
    }

    private static IEnumerable<object> Flatten(CelList list, long depth) => list.Items().SelectMany(
        item => item is CelList inner && depth > 0 ? Flatten(inner, depth - 1) : [item]);

    private static object SortBy(CelList list, CelList keys)
    {
        for (var i = 1; i < keys.Count; i++)
        {
            if (!CelValues.TypeOf(keys[i]).Equals(CelValues.TypeOf(keys[0])))
            {
                return new CelError("list elements must have the same type");
            }
        }

        var order = Comparer<object>.Create((a, b) => CelValues.Compare(a, b) ?? 0);
        return CelList.Of(list.Items().Select((item, i) => (Item: item, Key: keys[i])).OrderBy(pair => pair.Key, order)
            .Select(pair => pair.Item));
    }

    private static CelList Distinct(CelList list)
    {
        var distinct = CelList.Of([]);
        foreach (var item in list.Items())
        {
            if (!RelationFunctions.Contains(distinct, item))
            {
                distinct = distinct.Plus(CelList.Of([item]));
            }
        }

        return distinct;
    }

    private static CelOptional Edge(CelList list, Func<CelList, object> item) =>
        list.Count == 0 ? CelOptional.None : CelOptional.Of(item(list));

    private static object Range(long count) => count > 1_000_000
        ? new CelError($"lists.range({count}) is too large")
        : CelList.Of(Enumerable.Range(0, (int)Math.Max(0, count)).Select(i => (object)(long)i));

    private static bool ContainsAll(CelList list, CelList items) => items.Items().All(item => RelationFunctions.Contains(list, item));
}
