using System.Collections.Frozen;

namespace LocalCluster.Cel;

/// <summary>Types that are made of others, and the names of types in expressions.</summary>
internal static class CelTypes
{
    /// <summary>Stands for some type in the signature of a function.</summary>
    public static CelType A { get; } = CelType.Variable("A");

    /// <summary>Stands for another type in the signature of a function.</summary>
    public static CelType B { get; } = CelType.Variable("B");

    public static CelType ListOfA { get; } = CelType.List(A);

    public static CelType MapOfAB { get; } = CelType.Map(A, B);

    public static CelType OptionalOfA { get; } = CelType.Optional(A);

    public static CelType AnyList { get; } = CelType.List(CelType.Dyn);

    public static CelType AnyMap { get; } = CelType.Map(CelType.Dyn, CelType.Dyn);

    public static CelType AnyOptional { get; } = CelType.Optional(CelType.Dyn);

    public static CelType AnyType { get; } = CelType.TypeOf(CelType.Dyn);

    public static CelType ListOfStrings { get; } = CelType.List(CelType.String);

    /// <summary>The types that expressions can name.</summary>
    public static FrozenDictionary<string, CelType> Named { get; } = new Dictionary<string, CelType>
    {
        ["bool"] = CelType.Bool,
        ["int"] = CelType.Int,
        ["uint"] = CelType.Uint,
        ["double"] = CelType.Double,
        ["string"] = CelType.String,
        ["bytes"] = CelType.Bytes,
        ["list"] = AnyList,
        ["map"] = AnyMap,
        ["null_type"] = CelType.Null,
        ["type"] = AnyType,
        ["optional_type"] = AnyOptional,
        ["google.protobuf.Duration"] = CelType.Duration,
        ["google.protobuf.Timestamp"] = CelType.Timestamp,
        [IpValue.CelType.Name] = IpValue.CelType,
        [CidrValue.CelType.Name] = CidrValue.CelType,
        [Quantity.CelType.Name] = Quantity.CelType,
        [UrlValue.CelType.Name] = UrlValue.CelType,
    }.ToFrozenDictionary();

    /// <summary>The CEL type of the values of a .NET type.</summary>
    public static CelType Of<T>() => ByClass.GetValueOrDefault(typeof(T), CelType.Dyn);

    private static readonly FrozenDictionary<Type, CelType> ByClass = new Dictionary<Type, CelType>
    {
        [typeof(bool)] = CelType.Bool,
        [typeof(long)] = CelType.Int,
        [typeof(ulong)] = CelType.Uint,
        [typeof(double)] = CelType.Double,
        [typeof(string)] = CelType.String,
        [typeof(byte[])] = CelType.Bytes,
        [typeof(CelDuration)] = CelType.Duration,
        [typeof(CelTimestamp)] = CelType.Timestamp,
    }.ToFrozenDictionary();
}
