using System.Globalization;
using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Manifests;

/// <summary>Resolves YAML scalars without quotes as kubectl does (YAML 1.1 as implemented by go-yaml).</summary>
internal static class PlainScalar
{
    /// <summary>YAML 1.2, 10.3.2: no spaces, no group separators.</summary>
    private const NumberStyles FloatStyle = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static JsonNode? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "y" or "Y" or "on" or "On" or "ON":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "n" or "N" or "off" or "Off" or "OFF":
                return JsonValue.Create(false);
        }

        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
        {
            return JsonValue.Create(text);
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        return Integer(digits) ?? Float(digits) ?? JsonValue.Create(text);
    }

    /// <summary>True for the infinities and for what is no number: YAML has them, JSON has not.</summary>
    public static bool IsBeyondJson(string text) =>
        text.TrimStart('-', '+') is ".inf" or ".Inf" or ".INF" or ".nan" or ".NaN" or ".NAN";

    private static JsonValue? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = text[0] is '-' or '+' ? text[1..] : text;
        var (radix, body) = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => (16, hex),
            ['0', 'o' or 'O', .. var octal] => (8, octal),
            ['0', 'b' or 'B', .. var binary] => (2, binary),
            ['0', _, ..] => (8, digits[1..]), // a leading zero means octal, as in file modes
            _ => (10, digits),
        };
        if (body.Length == 0)
        {
            return null;
        }

        Int128 value = 0;
        foreach (var c in body)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix || value > ulong.MaxValue)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        value = negative ? -value : value;
        return value >= long.MinValue && value <= long.MaxValue ? JsonValue.Create((long)value)
            : value >= 0 && value <= ulong.MaxValue ? JsonValue.Create((ulong)value)
            : null;
    }

    private static JsonValue? Float(string text) =>
        double.TryParse(text, FloatStyle, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? JsonValue.Create(value) : null;
}
