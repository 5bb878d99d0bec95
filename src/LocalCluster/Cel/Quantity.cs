using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace LocalCluster.Cel;

/// <summary>
/// A number with a unit as Kubernetes has it: <c>500m</c>, <c>1.5Gi</c>, <c>12e6</c>. Exact to a billionth; what is smaller is rounded
/// away from zero.
/// </summary>
internal sealed class Quantity : IOpaque, IEquatable<Quantity>
{
    private static readonly BigInteger Billion = BigInteger.Pow(10, 9);

    private static readonly Regex Shape = new(
        @"^(?<sign>[+-]?)((?<whole>[0-9]+)(\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]*))(?<suffix>[eEinumkKMGTP]*[-+]?[0-9]*)\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);

    private static readonly string[] DecimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];

    private static readonly string[] BinarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    private readonly BigInteger _nanos;
    private readonly Notation _notation;

    private Quantity(BigInteger nanos, Notation notation)
    {
        _nanos = nanos;
        _notation = notation;
    }

    private enum Notation : byte
    {
        Decimal,
        Binary,
        Exponent,
    }

    /// <summary>The type that expressions know quantities by.</summary>
    public static CelType CelType { get; } = CelType.Opaque("kubernetes.Quantity");

    /// <inheritdoc/>
    public CelType Type => CelType;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => _nanos.Sign;

    /// <summary>The number; null when it is no whole number of 64 bits.</summary>
    public long? AsInteger
    {
        get
        {
            var whole = BigInteger.DivRem(_nanos, Billion, out var rest);
            return rest.IsZero && whole >= long.MinValue && whole <= long.MaxValue ? (long)whole : null;
        }
    }

    /// <summary>The number, as close as a double comes.</summary>
    public double AsDouble => (double)_nanos / 1e9;

    /// <summary>Reads a quantity.</summary>
    /// <param name="text">The quantity.</param>
    /// <param name="error">What is wrong with it, in the API's words; null when nothing is.</param>
    public static Quantity? Parse(string text, out string? error)
    {
        var match = Shape.Match(text);
        if (!match.Success)
        {
            error = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
            return null;
        }

        var whole = match.Groups["whole"].Value;
        var fraction = match.Groups["fraction"].Value;
        if (!TrySuffix(match.Groups["suffix"].Value, out var notation, out var power))
        {
            error = "unable to parse quantity's suffix";
            return null;
        }

        error = null;
        var digits = BigInteger.Parse("0" + whole + fraction, CultureInfo.InvariantCulture);
        var scale = 9 - fraction.Length + (notation == Notation.Binary ? 0 : power);
        var factor = notation == Notation.Binary ? BigInteger.Pow(1024, power) : BigInteger.One;
        var nanos = scale >= 0 ? digits * factor * BigInteger.Pow(10, scale) : DivideUp(digits * factor, BigInteger.Pow(10, -scale));
        return new Quantity(match.Groups["sign"].Value == "-" ? -nanos : nanos, notation);
    }

    public static Quantity operator +(Quantity a, Quantity b) => new(a._nanos + b._nanos, a._notation);

    public static Quantity operator -(Quantity a, Quantity b) => new(a._nanos - b._nanos, a._notation);

    /// <summary>A whole number without a unit.</summary>
    public static Quantity FromInteger(long value) => new(value * Billion, Notation.Exponent);

    /// <summary>Negative, zero or positive: the first is less, as much or more.</summary>
    public static int Compare(Quantity a, Quantity b) => a._nanos.CompareTo(b._nanos);

    /// <inheritdoc/>
    public bool Equals(Quantity? other) => other is not null && _nanos == other._nanos;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Quantity);

    /// <inheritdoc/>
    public override int GetHashCode() => _nanos.GetHashCode();

    /// <summary>The canonical form: no fraction, and the largest unit of its own notation in which the number is whole.</summary>
    public override string ToString()
    {
        if (_nanos.IsZero)
        {
            return "0";
        }

        var isWhole = (_nanos % Billion).IsZero;
        return _notation == Notation.Binary && isWhole && BigInteger.Abs(_nanos) >= 1024 * Billion ? ToBinary() : ToDecimal();
    }

    private static bool TrySuffix(string suffix, out Notation notation, out int power)
    {
        notation = Notation.Decimal;
        power = (Array.IndexOf(DecimalSuffixes, suffix) - 3) * 3;
        if (power >= -9)
        {
            return true;
        }

        notation = Notation.Binary;
        power = Array.IndexOf(BinarySuffixes, suffix);
        if (power > 0)
        {
            return true;
        }

        // The exponent is bounded so that a few characters can't stand for a number of any size.
        notation = Notation.Exponent;
        return suffix is ['e' or 'E', ..]
            && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power)
            && Math.Abs(power) < 1000;
    }

    private static BigInteger DivideUp(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var rest);
        return rest.IsZero ? quotient : quotient + 1;
    }

    private string ToBinary()
    {
        var number = _nanos / Billion;
        var power = 0;
        while (power < BinarySuffixes.Length - 1 && (number % 1024).IsZero)
        {
            number /= 1024;
            power++;
        }

        return number.ToString(CultureInfo.InvariantCulture) + BinarySuffixes[power];
    }

    private string ToDecimal()
    {
        var number = _nanos;
        var unit = 0;
        while ((number % 1000).IsZero && (_notation == Notation.Exponent || unit < DecimalSuffixes.Length - 1))
        {
            number /= 1000;
            unit++;
        }

        var suffix = _notation != Notation.Exponent ? DecimalSuffixes[unit]
            : unit == 3 ? ""
            : string.Create(CultureInfo.InvariantCulture, $"e{(unit - 3) * 3}");
        return number.ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
