using System.Text.RegularExpressions;

namespace LocalCluster.Resources;

/// <summary>The syntax of names in Kubernetes, with the words in which it refuses others.</summary>
internal static partial class NameRules
{
    private const int LabelLength = 63;
    private const int SubdomainLength = 253;

    /// <summary>Why a text is no DNS label (RFC 1123); null when it is one.</summary>
    public static string? Dns1123Label(string text) =>
        text.Length > LabelLength ? TooLong(LabelLength)
        : Label().IsMatch(text) ? null
        : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
            + "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>Why a text is no DNS label that begins with a letter (RFC 1035); null when it is one.</summary>
    public static string? Dns1035Label(string text) =>
        text.Length > LabelLength ? TooLong(LabelLength)
        : Dns1035().IsMatch(text) ? null
        : "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an "
            + "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    /// <summary>Why a text is no DNS subdomain (RFC 1123); null when it is one.</summary>
    public static string? Dns1123Subdomain(string text) =>
        text.Length > SubdomainLength ? TooLong(SubdomainLength)
        : Subdomain().IsMatch(text) ? null
        : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
            + "alphanumeric character (e.g. 'example.com', regex used for validation is "
            + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    /// <summary>Why a text is no IP address in its canonical form; null when it is one.</summary>
    public static string? IpAddress(string text) =>
        System.Net.IPAddress.TryParse(text, out var address) && address.ToString() == text ? null : "must be a valid IP address in canonical form";

    /// <summary>Why a text can't be one segment of a path; null when it can.</summary>
    public static string? PathSegment(string text) =>
        text is "." or ".." ? $"may not be '{text}'"
        : text.IndexOfAny(['/', '%']) is >= 0 and var at ? $"may not contain '{text[at]}'"
        : null;

    /// <summary>Why a text can't be the key of a label or annotation; null when it can.</summary>
    public static string? QualifiedName(string text)
    {
        var slash = text.LastIndexOf('/');
        if (slash >= 0)
        {
            var prefix = text[..slash];
            if (prefix.Length == 0)
            {
                return "prefix part must be non-empty";
            }

            if (Dns1123Subdomain(prefix) is { } wrong)
            {
                return $"prefix part {wrong}";
            }
        }

        var name = text[(slash + 1)..];
        return name.Length == 0 ? "name part must be non-empty"
            : name.Length > LabelLength ? $"name part {TooLong(LabelLength)}"
            : Qualified().IsMatch(name) ? null
            : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    }

    /// <summary>Why a text can't be the value of a label; null when it can.</summary>
    public static string? LabelValue(string text) =>
        text.Length > LabelLength ? TooLong(LabelLength)
        : text.Length == 0 || Qualified().IsMatch(text) ? null
        : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
            + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
            + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private static string TooLong(int limit) => $"must be no more than {limit} characters";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Dns1035();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Qualified();
}
