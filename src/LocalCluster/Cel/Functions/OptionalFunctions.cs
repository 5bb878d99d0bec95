namespace LocalCluster.Cel.Functions;

/// <summary>The functions of values that may be missing. <c>or</c> and <c>orValue</c> are the evaluator's, for they need not look at both operands.</summary>
internal static class OptionalFunctions
{
    private static readonly CelType OptionalList = CelType.Optional(CelTypes.ListOfA);
    private static readonly CelType OptionalMap = CelType.Optional(CelTypes.MapOfAB);
    private static readonly CelType OptionalOfB = CelType.Optional(CelTypes.B);
    private static readonly CelType ListOfOptionals = CelType.List(CelTypes.OptionalOfA);

    public static IEnumerable<Overload> All =>
    [
        new("optional.of", false, [CelTypes.A], CelTypes.OptionalOfA, args => CelOptional.Of(args[0])),
        new("optional.none", false, [], CelTypes.OptionalOfA, _ => CelOptional.None),
        new("optional.ofNonZeroValue", false, [CelTypes.A], CelTypes.OptionalOfA,
            args => IsZero(args[0]) ? CelOptional.None : CelOptional.Of(args[0])),
        new("optional.unwrap", false, [ListOfOptionals], CelTypes.ListOfA, args => Unwrap((CelList)args[0])),
        new("unwrapOpt", true, [ListOfOptionals], CelTypes.ListOfA, args => Unwrap((CelList)args[0])),
        new("hasValue", true, [CelTypes.OptionalOfA], CelType.Bool, args => ((CelOptional)args[0]).Value is not null),
        new("value", true, [CelTypes.OptionalOfA], CelTypes.A,
            args => ((CelOptional)args[0]).Value ?? new CelError("optional.none() dereference")),
        new("or", true, [CelTypes.OptionalOfA, CelTypes.OptionalOfA], CelTypes.OptionalOfA, Second),
        new("orValue", true, [CelTypes.OptionalOfA, CelTypes.A], CelTypes.A, Second),

        new(Operators.OptionalIndex, false, [CelTypes.ListOfA, CelType.Int], CelTypes.OptionalOfA, IndexIfPresent),
        new(Operators.OptionalIndex, false, [OptionalList, CelType.Int], CelTypes.OptionalOfA, IndexIfPresent),
        new(Operators.OptionalIndex, false, [CelTypes.MapOfAB, CelTypes.A], OptionalOfB, IndexIfPresent),
        new(Operators.OptionalIndex, false, [OptionalMap, CelTypes.A], OptionalOfB, IndexIfPresent),
        new(Operators.Index, false, [OptionalList, CelType.Int], CelTypes.OptionalOfA, IndexIfPresent),
        new(Operators.Index, false, [OptionalMap, CelTypes.A], OptionalOfB, IndexIfPresent),
    ];

    // By the time that these are called the first operand is known to be empty.
    private static object Second(object[] args) => args[1];

    private static CelOptional IndexIfPresent(object[] args)
    {
        var collection = args[0] is CelOptional optional ? optional.Value : args[0];
        var value = collection switch
        {
            CelList list => RelationFunctions.At(list, args[1]),
            CelMap map => RelationFunctions.At(map, args[1]),
            _ => null,
        };
        return value is null or CelError ? CelOptional.None : CelOptional.Of(value);
    }

    private static CelList Unwrap(CelList optionals) =>
        CelList.Of(optionals.Items().OfType<CelOptional>().Select(optional => optional.Value).OfType<object>());

    private static bool IsZero(object value) => value switch
    {
        bool truth => !truth,
        long number => number == 0,
        ulong number => number == 0,
        double number => number == 0,
        CelNull => true,
        CelDuration span => span.Nanoseconds == 0,
        CelOptional optional => optional.Value is null,
        string or byte[] or CelList or CelMap => CelValues.SizeOf(value) == 0,
        _ => false,
    };
}
