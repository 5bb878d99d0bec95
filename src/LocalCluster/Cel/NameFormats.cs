using System.Text.RegularExpressions;

namespace LocalCluster.Cel;

/// <summary>The kinds of names that Kubernetes knows. Each check says what is wrong, in the API's words; nothing when the name is good.</summary>
internal static class NameFormats
{
    private const string LabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string SubdomainPattern = LabelPattern + @"(\." + LabelPattern + ")*";
    private const string Label1035Pattern = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private const string QualifiedPattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private static readonly Regex LabelRegex = Whole(LabelPattern);
    private static readonly Regex SubdomainRegex = Whole(SubdomainPattern);
    private static readonly Regex Label1035Regex = Whole(Label1035Pattern);
    private static readonly Regex QualifiedRegex = Whole(QualifiedPattern);
    private static readonly string[] NotInPaths = ["/", "%"];

    /// <summary>A DNS label of RFC 1123: lower case, digits and dashes, at most 63.</summary>
    public static IReadOnlyList<string> Dns1123Label(string name)
    {
        var errors = TooLong(name, 63);
        if (!LabelRegex.IsMatch(name))
        {
            errors.Add(SubdomainRegex.IsMatch(name)
                ? "must not contain dots"
                : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
                  $"an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{LabelPattern}')");
        }

        return errors;
    }

    /// <summary>Labels with dots between them, at most 253 characters: what most objects' names are.</summary>
    public static IReadOnlyList<string> Dns1123Subdomain(string name)
    {
        var errors = TooLong(name, 253);
        if (!SubdomainRegex.IsMatch(name))
        {
            errors.Add("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
                $"and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{SubdomainPattern}')");
        }

        return errors;
    }

    /// <summary>A DNS label of RFC 1035, which begins with a letter: what Services' names are.</summary>
    public static IReadOnlyList<string> Dns1035Label(string name)
    {
        var errors = TooLong(name, 63);
        if (!Label1035Regex.IsMatch(name))
        {
            errors.Add("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, " +
                $"and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '{Label1035Pattern}')");
        }

        return errors;
    }

    /// <summary>A name with an optional domain in front, <c>example.com/MyName</c>: what keys of labels and annotations are.</summary>
    public static IReadOnlyList<string> QualifiedName(string name)
    {
        const string Rule =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
            $"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{QualifiedPattern}')";
        var errors = new List<string>();
        var parts = name.Split('/');
        if (parts.Length > 2)
        {
            errors.Add($"a valid label key {Rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return errors;
        }

        if (parts.Length == 2)
        {
            errors.AddRange(parts[0].Length == 0
                ? ["prefix part must be non-empty"]
                : Dns1123Subdomain(parts[0]).Select(error => "prefix part " + error));
        }

        var last = parts[^1];
        errors.AddRange(last.Length == 0 ? ["name part must be non-empty"] : TooLong(last, 63).Select(error => "name part " + error));
        if (!QualifiedRegex.IsMatch(last))
        {
            errors.Add("name part " + Rule);
        }

        return errors;
    }

    /// <summary>The value of a label: empty, or at most 63 letters, digits, dashes, underscores and dots.</summary>
    public static IReadOnlyList<string> LabelValue(string value)
    {
        var errors = TooLong(value, 63);
        if (value.Length > 0 && !QualifiedRegex.IsMatch(value))
        {
            errors.Add("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
                "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
                $"'({QualifiedPattern})?')");
        }

        return errors;
    }

    /// <summary>A name that can stand in a URL.</summary>
    public static IReadOnlyList<string> PathSegment(string name) => name is "." or ".."
        ? [$"may not be '{name}'"]
        : [.. NotInPaths.Where(name.Contains).Select(part => $"may not contain '{part}'")];

    /// <summary>A check of a name that gets something appended: it may end in a dash.</summary>
    public static Func<string, IReadOnlyList<string>> Prefix(Func<string, IReadOnlyList<string>> check) =>
        name => check(name is [.. { Length: > 0 } start, '-'] ? start[..^1] + "a" : name);

    private static List<string> TooLong(string text, int max) => text.Length > max ? [$"must be no more than {max} bytes"] : [];

    private static Regex Whole(string pattern) => new($@"^({pattern})\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
}
