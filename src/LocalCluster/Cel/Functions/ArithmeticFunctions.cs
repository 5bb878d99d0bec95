using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>+ - * / % and negation. A result that does not fit is an error, never a wrapped number.</summary>
internal static class ArithmeticFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Global(Operators.Add, CelType.Int, (long a, long b) => Int((Int128)a + b)),
        Global(Operators.Add, CelType.Uint, (ulong a, ulong b) => Uint((Int128)a + b)),
        Global(Operators.Add, CelType.Double, (double a, double b) => a + b),
        Global(Operators.Add, CelType.String, (string a, string b) => a + b),
        Global(Operators.Add, CelType.Bytes, (byte[] a, byte[] b) => a.Concat(b).ToArray()),
        Global(Operators.Add, CelType.Duration, (CelDuration a, CelDuration b) => Span((Int128)a.Nanoseconds + b.Nanoseconds)),
        Global(Operators.Add, CelType.Timestamp, (CelTimestamp a, CelDuration b) => Time(a.Add(b.Nanoseconds))),
        Global(Operators.Add, CelType.Timestamp, (CelDuration a, CelTimestamp b) => Time(b.Add(a.Nanoseconds))),
        new(Operators.Add, false, [CelTypes.ListOfA, CelTypes.ListOfA], CelTypes.ListOfA,
            args => ((CelList)args[0]).Plus((CelList)args[1])),

        Global(Operators.Subtract, CelType.Int, (long a, long b) => Int((Int128)a - b)),
        Global(Operators.Subtract, CelType.Uint, (ulong a, ulong b) => Uint((Int128)a - b)),
        Global(Operators.Subtract, CelType.Double, (double a, double b) => a - b),
        Global(Operators.Subtract, CelType.Duration, (CelDuration a, CelDuration b) => Span((Int128)a.Nanoseconds - b.Nanoseconds)),
        Global(Operators.Subtract, CelType.Timestamp, (CelTimestamp a, CelDuration b) => Time(a.Add(-(Int128)b.Nanoseconds))),
        Global(Operators.Subtract, CelType.Duration, (CelTimestamp a, CelTimestamp b) =>
            a.Since(b) is { } span ? span : CelError.DurationOverflow),

        Global(Operators.Multiply, CelType.Int, (long a, long b) => Int((Int128)a * b)),
        Global(Operators.Multiply, CelType.Uint, (ulong a, ulong b) => Uint((UInt128)a * b)),
        Global(Operators.Multiply, CelType.Double, (double a, double b) => a * b),

        Global(Operators.Divide, CelType.Int, (long a, long b) => b == 0 ? CelError.DivisionByZero : Int((Int128)a / b)),
        Global(Operators.Divide, CelType.Uint, (ulong a, ulong b) => b == 0 ? CelError.DivisionByZero : a / b),
        Global(Operators.Divide, CelType.Double, (double a, double b) => a / b),

        Global(Operators.Modulo, CelType.Int, (long a, long b) => b switch
        {
            0 => CelError.ModulusByZero,
            -1 => a == long.MinValue ? CelError.IntOverflow : 0L,
            _ => a % b,
        }),
        Global(Operators.Modulo, CelType.Uint, (ulong a, ulong b) => b == 0 ? CelError.ModulusByZero : a % b),

        Global(Operators.Negate, CelType.Int, (long a) => Int(-(Int128)a)),
        Global(Operators.Negate, CelType.Double, (double a) => -a),
        Global(Operators.Negate, CelType.Duration, (CelDuration a) => Span(-(Int128)a.Nanoseconds)),
    ];

    private static object Int(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? (long)value : CelError.IntOverflow;

    private static object Uint(Int128 value) => value >= 0 && value <= ulong.MaxValue ? (ulong)value : CelError.UintOverflow;

    private static object Uint(UInt128 value) => value <= ulong.MaxValue ? (ulong)value : CelError.UintOverflow;

    private static object Span(Int128 nanoseconds) =>
        nanoseconds >= long.MinValue && nanoseconds <= long.MaxValue ? new CelDuration((long)nanoseconds) : CelError.DurationOverflow;

    private static object Time(CelTimestamp? time) => time is { } value ? value : CelError.TimestampOverflow;
}
