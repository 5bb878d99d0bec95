using System.Globalization;

namespace Compliance.Audit.Entries;

/// <summary>Prints a number as ECMAScript's Number::toString does, which RFC 8785 section 3.2.2.3 asks for.</summary>
internal static class EcmaScriptNumber
{
    /// <exception cref="FormatException">It is not finite.</exception>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new FormatException("is a number that JSON can't tell");
        }

        if (value == 0)
        {
            return "0"; // minus zero too
        }

        // The shortest digits that read back as the same number are the same here and there; only where the point goes differs.
        var parts = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var power = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var whole = parts[0].IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? dot : parts[0].Length;
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var significant = all.TrimStart('0');
        var text = Place(significant.TrimEnd('0'), whole - (all.Length - significant.Length) + power);
        return value < 0 ? $"-{text}" : text;
    }

    /// <summary>Puts the point after so many digits (<paramref name="point"/> is n in the specification, with k digits).</summary>
    private static string Place(string digits, int point) => point switch
    {
        > 21 or <= -6 => Scientific(digits, point - 1),
        <= 0 => $"0.{new string('0', -point)}{digits}",
        _ when point >= digits.Length => digits.PadRight(point, '0'),
        _ => $"{digits[..point]}.{digits[point..]}",
    };

    private static string Scientific(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
    }
}
