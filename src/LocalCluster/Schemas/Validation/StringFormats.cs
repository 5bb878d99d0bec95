using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LocalCluster.Cel;

namespace LocalCluster.Schemas.Validation;

/// <summary>
/// The string formats that a Kubernetes API server checks (kube-openapi, validation/strfmt). It ignores all others, so a schema may
/// name any.
/// </summary>
internal static class StringFormats
{
    private const int MaxHostname = 255;
    private const int MaxHostnameLabel = 63;
    private const string Byte = "(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])";

    private static readonly Regex TimeOfDay =
        Whole("([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](.[0-9]+)?(z|Z|[+-][0-9]{2}:[0-9]{2})");

    // Go's net/mail takes an address alone, or in angle brackets behind a name.
    private static readonly Regex Email = Whole(
        """([^<>@]*<)?\s*([a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+|"[^"]+")@([a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+|\[[^\]]+\])\s*>?""");

    private static readonly Regex Hostname = Whole(
        @"[a-zA-Z0-9\p{S}\p{L}](-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?|" +
        @"([a-zA-Z0-9\p{S}\p{L}]([-a-zA-Z0-9\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?\.)+[a-zA-Z\p{L}]{2,63}");

    private static readonly FrozenDictionary<string, Predicate<string>> ByName = new Dictionary<string, Predicate<string>>
    {
        ["bsonobjectid"] = Matches("[0-9a-fA-F]{24}"),
        ["uri"] = text => UrlValue.Parse(text, out _) is not null,
        ["email"] = IsEmail,
        ["hostname"] = IsHostname,
        ["ipv4"] = text => text.Contains('.', StringComparison.Ordinal) && IsIp(text),
        ["ipv6"] = text => text.Contains(':', StringComparison.Ordinal) && IsIp(text),
        ["cidr"] = IsCidr,
        ["mac"] = Matches($"{Pairs(':', 6)}|{Pairs(':', 8)}|{Pairs(':', 20)}|{Pairs('-', 6)}|{Pairs('-', 8)}|{Pairs('-', 20)}|" +
            $"{Quads(3)}|{Quads(4)}|{Quads(10)}"),
        ["uuid"] = TextFormats.IsUuid,
        ["uuid3"] = Matches("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?3[0-9a-fA-F]{3}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"),
        ["uuid4"] = Matches("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?4[0-9a-fA-F]{3}-?[89abAB][0-9a-fA-F]{3}-?[0-9a-fA-F]{12}"),
        ["uuid5"] = Matches("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?5[0-9a-fA-F]{3}-?[89abAB][0-9a-fA-F]{3}-?[0-9a-fA-F]{12}"),
        ["isbn"] = text => CheckDigits.IsIsbn10(text) || CheckDigits.IsIsbn13(text),
        ["isbn10"] = CheckDigits.IsIsbn10,
        ["isbn13"] = CheckDigits.IsIsbn13,
        ["creditcard"] = CheckDigits.IsCreditCard,
        ["ssn"] = Matches("[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}"),
        ["hexcolor"] = Matches("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"),
        ["rgbcolor"] = Matches($@"rgb\(\s*{Byte}\s*,\s*{Byte}\s*,\s*{Byte}\s*\)"),
        ["byte"] = Matches("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})"),
        ["password"] = _ => true,
        ["date"] = text => TextFormats.TryDate(text, out _),
        ["duration"] = text => TextFormats.TryDuration(text, out _),
        ["datetime"] = IsDateTime,
        ["k8sshortname"] = text => NameFormats.Dns1123Label(text).Count == 0,
        ["k8slongname"] = text => NameFormats.Dns1123Subdomain(text).Count == 0,
    }.ToFrozenDictionary();

    /// <summary>The check of a format; null when nobody checks it. Dashes in the name don't count.</summary>
    public static Predicate<string>? Find(string name) => ByName.GetValueOrDefault(name.Replace("-", "", StringComparison.Ordinal));

    private static Predicate<string> Matches(string pattern) => Whole(pattern).IsMatch;

    private static Regex Whole(string pattern) =>
        new($@"^({pattern})\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    private static string Pairs(char separator, int count) => $"[0-9a-fA-F]{{2}}({separator}[0-9a-fA-F]{{2}}){{{count - 1}}}";

    private static string Quads(int count) => $@"[0-9a-fA-F]{{4}}(\.[0-9a-fA-F]{{4}}){{{count - 1}}}";

    private static bool IsDateTime(string text) =>
        text.Length > 10 && text[10] is 't' or 'T' && TextFormats.TryDate(text[..10], out _) && TimeOfDay.IsMatch(text[11..]);

    private static bool IsEmail(string text) =>
        Email.IsMatch(text) && text.Contains('<', StringComparison.Ordinal) == text.TrimEnd().EndsWith('>');

    private static bool IsHostname(string text) =>
        text.Length <= MaxHostname && Hostname.IsMatch(text) && Array.TrueForAll(text.Split('.'), label => label.Length <= MaxHostnameLabel);

    // Numbers of IPv4 may have leading zeros, which don't make them octal: so Go read them before 1.17.
    private static bool IsIp(string text) => text.Contains(':', StringComparison.Ordinal)
        ? text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && IPAddress.TryParse(text, out _)
        : text.Split('.') is { Length: 4 } parts && Array.TrueForAll(parts, part => IsNumber(part, byte.MaxValue));

    private static bool IsCidr(string text) =>
        text.Split('/') is [var address, var length] && IsIp(address)
        && IsNumber(length, address.Contains(':', StringComparison.Ordinal) ? 128 : 32);

    private static bool IsNumber(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max;
}
