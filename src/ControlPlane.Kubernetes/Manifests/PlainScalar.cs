using System.Globalization;
using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Manifests;

/// <summary>Resolves YAML scalars without quotes as kubectl does (YAML 1.1 as implemented by go-yaml).</summary>
internal static class PlainScalar
{
    public static JsonNode? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF":
                return JsonValue.Create(false);
        }

        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
        {
            return JsonValue.Create(text);
        }

        return Integer(text) ?? Decimal(text) ?? JsonValue.Create(text);
    }

    private static JsonValue? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = (text[0] is '-' or '+' ? text[1..] : text).Replace("_", "", StringComparison.Ordinal);
        var (radix, body) = digits switch
        {
            ['0', 'x', .. var hex] => (16, hex),
            ['0', 'o', .. var octal] => (8, octal),
            ['0', 'b', .. var binary] => (2, binary),
            ['0', _, ..] => (8, digits[1..]), // a leading zero means octal, as in file modes
            _ => (10, digits),
        };
        if (body.Length is 0 or > 64)
        {
            return null;
        }

        long value = 0;
        foreach (var c in body)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix || value > (long.MaxValue - digit) / radix)
            {
                return null;
            }

            value = (value * radix) + digit;
        }

        return JsonValue.Create(negative ? -value : value);
    }

    private static JsonValue? Decimal(string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return text.AsSpan().ContainsAny('.', 'e', 'E')
            && text.Any(char.IsAsciiDigit)
            && double.TryParse(text, Style, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? JsonValue.Create(value)
            : null;
    }
}
