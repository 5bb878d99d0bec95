using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>Kubernetes' library of quantities.</summary>
internal static class QuantityFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Global("quantity", Quantity.CelType, (string text) => Quantity.Parse(text, out var error) ?? (object)new CelError(error!)),
        Global("isQuantity", CelType.Bool, (string text) => Quantity.Parse(text, out _) is not null),
        Of("sign", CelType.Int, q => (long)q.Sign) with { IsMember = false },
        Of("isInteger", CelType.Bool, q => q.AsInteger is not null),
        Of("asInteger", CelType.Int, q => q.AsInteger is { } value ? value : new CelError("cannot convert value to integer")),
        Of("asApproximateFloat", CelType.Double, q => q.AsDouble),
        Of("isGreaterThan", CelType.Bool, (a, b) => Quantity.Compare(a, b) > 0),
        Of("isLessThan", CelType.Bool, (a, b) => Quantity.Compare(a, b) < 0),
        Of("compareTo", CelType.Int, (a, b) => (long)Quantity.Compare(a, b)),
        Of("add", Quantity.CelType, (a, b) => a + b),
        Of("sub", Quantity.CelType, (a, b) => a - b),
        OfInteger("add", (a, b) => a + b),
        OfInteger("sub", (a, b) => a - b),
    ];

    private static Overload Of(string name, CelType result, Func<Quantity, object> invoke) =>
        new(name, true, [Quantity.CelType], result, args => invoke((Quantity)args[0]));

    private static Overload Of(string name, CelType result, Func<Quantity, Quantity, object> invoke) =>
        new(name, true, [Quantity.CelType, Quantity.CelType], result, args => invoke((Quantity)args[0], (Quantity)args[1]));

    private static Overload OfInteger(string name, Func<Quantity, Quantity, object> invoke) => new(
        name,
        true,
        [Quantity.CelType, CelType.Int],
        Quantity.CelType,
        args => invoke((Quantity)args[0], Quantity.FromInteger((long)args[1])));
}
