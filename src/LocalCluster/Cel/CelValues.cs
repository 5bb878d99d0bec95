using System.Globalization;
using System.Text;

namespace LocalCluster.Cel;

/// <summary>
/// CEL values are .NET objects: <see cref="bool"/>, <see cref="long"/> (int), <see cref="ulong"/> (uint), <see cref="double"/>,
/// <see cref="string"/>, <see cref="byte"/>[], <see cref="CelNull"/>, <see cref="CelDuration"/>, <see cref="CelTimestamp"/>,
/// <see cref="CelList"/>, <see cref="CelMap"/> (maps and objects), <see cref="CelOptional"/>, <see cref="CelType"/> (types as values),
/// <see cref="IOpaque"/> for all else, and <see cref="CelError"/> for what has no value.
/// </summary>
internal static class CelValues
{
    /// <summary>The type of a value at run time.</summary>
    public static CelType TypeOf(object value) => value switch
    {
        bool => CelType.Bool,
        long => CelType.Int,
        ulong => CelType.Uint,
        double => CelType.Double,
        string => CelType.String,
        byte[] => CelType.Bytes,
        CelNull => CelType.Null,
        CelDuration => CelType.Duration,
        CelTimestamp => CelType.Timestamp,
        CelList => CelTypes.AnyList,
        CelMap => CelTypes.AnyMap,
        CelOptional => CelTypes.AnyOptional,
        CelType => CelTypes.AnyType,
        IOpaque opaque => opaque.Type,
        _ => CelType.Error,
    };

    /// <summary>
    /// Equality of any two values: numbers by their mathematical value, lists and maps by their contents, NaN never, and values of
    /// different types never.
    /// </summary>
    public static new bool Equals(object a, object b) => (a, b) switch
    {
        (long or ulong or double, long or ulong or double) => Compare(a, b) == 0,
        (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y),
        (CelList x, CelList y) => x.IsEqualTo(y),
        (CelMap x, CelMap y) => MapsEqual(x, y),
        (CelOptional x, CelOptional y) => x.Value is null || y.Value is null ? x.Value == y.Value : Equals(x.Value, y.Value),
        (CelType x, CelType y) => x.Kind == y.Kind && x.Name == y.Name,
        _ => a.Equals(b),
    };

    /// <summary>A hash that goes with <see cref="Equals"/>.</summary>
    public static int Hash(object value) => value switch
    {
        long number => ((double)number).GetHashCode(),
        ulong number => ((double)number).GetHashCode(),
        byte[] or CelList or CelMap => TypeOf(value).GetHashCode(),
        _ => value.GetHashCode(),
    };

    /// <summary>The order of two values; null when they have none: NaN, or types that can't be compared.</summary>
    public static int? Compare(object a, object b) => (a, b) switch
    {
        (long x, long y) => x.CompareTo(y),
        (ulong x, ulong y) => x.CompareTo(y),
        (long x, ulong y) => x < 0 ? -1 : ((ulong)x).CompareTo(y),
        (ulong x, long y) => -Compare(y, x),
        (double x, double y) => double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y),
        (double x, long y) => CompareToInt(x, y),
        (double x, ulong y) => CompareToInt(x, y),
        (long or ulong, double) => -Compare(b, a),
        (bool x, bool y) => x.CompareTo(y),
        (string x, string y) => CompareText(x, y),
        (byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y),
        (CelDuration x, CelDuration y) => CelDuration.Compare(x, y),
        (CelTimestamp x, CelTimestamp y) => CelTimestamp.Compare(x, y),
        _ => null,
    };

    /// <summary>What <c>size()</c> is of a value; 1 where it has none. For the cost of calls.</summary>
    public static long SizeOf(object value) => value switch
    {
        string text => LengthOf(text),
        byte[] bytes => bytes.Length,
        CelList list => list.Count,
        CelMap map => map.Count,
        CelOptional { Value: { } inner } => SizeOf(inner),
        _ => 1,
    };

    /// <summary>The length of a string in Unicode code points.</summary>
    public static int LengthOf(string text)
    {
        var length = text.Length;
        foreach (var c in text)
        {
            length -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return length;
    }

    /// <summary>A value in a message, as Go's <c>%v</c>.</summary>
    public static string Show(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number => GoText.Float(number),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // A double is compared with a whole number exactly; converting the number to a double would lose digits.
    private static int? CompareToInt(double x, Int128 y) =>
        double.IsNaN(x) ? null
        : x >= 1.9e19 ? 1
        : x <= -1.9e19 ? -1
        : (Int128)Math.Floor(x) is var floor && floor != y ? floor.CompareTo(y)
        : x > Math.Floor(x) ? 1 : 0;

    // Strings are ordered by code point, as their UTF-8 is; UTF-16 puts U+E000 to U+FFFF behind the surrogates.
    private static int CompareText(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] != b[i])
            {
                return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i])
                    ? a[i].CompareTo(b[i])
                    : char.IsSurrogate(a[i]) ? 1 : -1;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    private static bool MapsEqual(CelMap a, CelMap b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        foreach (var key in a.Keys)
        {
            if (!b.TryGet(key, out var other) || !a.TryGet(key, out var value) || !Equals(value, other))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>null.</summary>
internal sealed class CelNull
{
    private CelNull()
    {
    }

    public static CelNull Value { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "null";
}

/// <summary>What an operation yields that has no value. Operations on it yield it again, except for those that can do without.</summary>
internal sealed class CelError(string message)
{
    public static CelError NoSuchOverload { get; } = new("no such overload");

    public static CelError DivisionByZero { get; } = new("division by zero");

    public static CelError ModulusByZero { get; } = new("modulus by zero");

    public static CelError IntOverflow { get; } = new("integer overflow");

    public static CelError UintOverflow { get; } = new("unsigned integer overflow");

    public static CelError DurationOverflow { get; } = new("duration overflow");

    public static CelError TimestampOverflow { get; } = new("timestamp overflow");

    /// <summary>What went wrong.</summary>
    public string Message { get; } = message;

    public static CelError NoSuchKey(object key) => new($"no such key: {CelValues.Show(key)}");

    public static CelError OutOfBounds(object index) => new($"index out of bounds: {CelValues.Show(index)}");

    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>A value that may be missing.</summary>
internal sealed class CelOptional
{
    private CelOptional(object? value) => Value = value;

    public static CelOptional None { get; } = new(null);

    /// <summary>The value; null when it is missing (CEL's null is <see cref="CelNull"/>).</summary>
    public object? Value { get; }

    public static CelOptional Of(object value) => new(value);
}

/// <summary>A value of a type that only its own functions understand. It brings its own equality.</summary>
internal interface IOpaque
{
    /// <summary>The type that expressions know it by.</summary>
    CelType Type { get; }
}
