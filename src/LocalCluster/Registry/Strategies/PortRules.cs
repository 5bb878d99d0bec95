using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LocalCluster.Registry.Strategies;

/// <summary>The syntax of ports (RFC 6335), with the words in which Kubernetes refuses others.</summary>
internal static partial class PortRules
{
    private const int LongestName = 15;

    /// <summary>Why a number is no port; null when it is one.</summary>
    public static string? Number(long port) => port is >= 1 and <= 65535 ? null : "must be between 1 and 65535, inclusive";

    /// <summary>Why a text is no name of a port; null when it is one.</summary>
    public static string? Name(string name) =>
        name.Length > LongestName ? $"must be no more than {LongestName} characters"
        : !Characters().IsMatch(name) ? "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
        : !name.Any(char.IsAsciiLetter) ? "must contain at least one letter (a-z)"
        : name.Contains("--", StringComparison.Ordinal) ? "must not contain consecutive hyphens"
        : name.StartsWith('-') || name.EndsWith('-') ? "must not begin or end with a hyphen"
        : null;

    /// <summary>Why a value is neither number nor name of a port; null when it is one.</summary>
    public static string? NumberOrName(JsonNode port) =>
        port.GetValueKind() == JsonValueKind.String ? Name((string)port!) : Number((long)port);

    [GeneratedRegex(@"^[-a-z0-9]+\z", RegexOptions.None, 1000)]
    private static partial Regex Characters();
}
