namespace LocalCluster.Cel;

/// <summary>
/// What operations cost, in Kubernetes' units. The same formulas serve the estimate, with the greatest sizes that are possible, and
/// the run, with the real ones. Costs are doubles: they saturate by themselves.
/// </summary>
internal static class Costs
{
    /// <summary>The size of what nobody bounded.</summary>
    public const double UnknownSize = ulong.MaxValue;

    public const double Access = 1;
    public const double CreateList = 10;
    public const double CreateMap = 30;
    public const double CreateObject = 40;

    private const double PerCharacter = 0.1;
    private const double PerPatternCharacter = 0.25;

    // A question to the authorizer, which may be a call to another server.
    private const double AuthorizationCheck = 350_000;

    // What kube-apiserver takes for the length of a named format's regular expression.
    private const double FormatPatternSize = 128;

    /// <summary>The cost of a call without that of its operands.</summary>
    /// <param name="function">Its name; the operators that need not look at all operands are free.</param>
    /// <param name="first">Kind of the first operand.</param>
    /// <param name="second">Kind of the second operand.</param>
    /// <param name="sizes">Sizes of the operands.</param>
    public static double Of(string function, CelKind first, CelKind second, ReadOnlySpan<double> sizes) => function switch
    {
        Operators.And or Operators.Or or Operators.Conditional => 0,
        Operators.Equal or Operators.NotEqual => Characters(Math.Min(sizes[0], sizes[1])),
        Operators.Less or Operators.LessOrEqual or Operators.Greater or Operators.GreaterOrEqual
            when first is CelKind.String or CelKind.Bytes => Characters(Math.Min(sizes[0], sizes[1])),
        Operators.Add when first is CelKind.String or CelKind.Bytes => Characters(sizes[0] + sizes[1]),
        Operators.In when second is not CelKind.Map => Math.Max(1, sizes[1]),
        "contains" => Characters(sizes[0]) * Characters(sizes[1]),
        "startsWith" or "endsWith" => Characters(sizes[1]),
        "matches" or "find" or "findAll" => Characters(sizes[0] + 1) * Math.Ceiling(sizes[1] * PerPatternCharacter),
        "validate" => Characters(sizes[1] + 1) * Math.Ceiling(FormatPatternSize * PerPatternCharacter),
        "indexOf" or "lastIndexOf" when first == CelKind.String => Characters(sizes[0]),
        "isSorted" or "sum" or "min" or "max" or "indexOf" or "lastIndexOf" => sizes[0],
        "lowerAscii" or "upperAscii" or "substring" or "trim" or "url" or "ip" or "isIP" or "cidr" or "isCIDR"
            or "quantity" or "isQuantity" or "semver" or "isSemver" or "bytes" or "strings.quote" or "format" => Characters(sizes[0]),
        "string" when first is CelKind.Bytes or CelKind.Dyn => Characters(sizes[0]),
        "replace" or "split" or "ip.isCanonical" => Characters(2 * sizes[0]),
        "join" => Characters(2 * sizes[0]),
        "containsIP" => 4 + (second is CelKind.String ? Characters(sizes[1]) : 0),
        "containsCIDR" => 7 + (second is CelKind.String ? Characters(sizes[1]) : 0),
        "sets.contains" or "sets.intersects" => 1 + (sizes[0] * sizes[1]),
        "sets.equivalent" => 1 + (2 * sizes[0] * sizes[1]),
        "sort" or "distinct" or "@sortByAssociatedKeys" => 1 + CreateList + (2 * sizes[0] * sizes[0]),
        "slice" or "reverse" or "flatten" or "lists.range" => 1 + CreateList + sizes[0],
        "check" => AuthorizationCheck,
        _ => 1,
    };

    private static double Characters(double count) => Math.Ceiling(count * PerCharacter);
}
