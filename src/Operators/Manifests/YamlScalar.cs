using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Operators.Manifests;

/// <summary>What an unquoted word of YAML means to Kubernetes, whose reader keeps the words and octal numbers of YAML 1.1.</summary>
internal static partial class YamlScalar
{
    /// <summary>The scalar as JSON.</summary>
    public static JsonValue? Read(Scalar scalar) => scalar.Style is not ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str"
        ? JsonValue.Create(scalar.Value)
        : ReadPlain(scalar.Value);

    private static JsonValue? ReadPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" => JsonValue.Create(true),
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N" => JsonValue.Create(false),
        _ => ReadNumber(text) ?? JsonValue.Create(text),
    };

    private static JsonValue? ReadNumber(string text)
    {
        if (Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return JsonValue.Create(whole);
        }

        if (Octal().Match(text) is { Success: true } octal)
        {
            return JsonValue.Create(Convert.ToInt64(octal.Groups["digits"].Value, 8)); // file modes: 0644
        }

        if (Hexadecimal().IsMatch(text))
        {
            return JsonValue.Create(Convert.ToInt64(text, 16));
        }

        return Fraction().IsMatch(text) && double.TryParse(text, CultureInfo.InvariantCulture, out var fraction) && double.IsFinite(fraction)
            ? JsonValue.Create(fraction)
            : null;
    }

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^0o?(?<digits>[0-7]{1,20})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Octal();

    [GeneratedRegex(@"^0x[0-9a-fA-F]{1,15}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fraction();
}
