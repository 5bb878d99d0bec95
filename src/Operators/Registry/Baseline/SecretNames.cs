using System.Text.RegularExpressions;

namespace Operators.Registry.Baseline;

/// <summary>Tells by its name whether a variable or key holds a secret. Its value is never looked at.</summary>
public static partial class SecretNames
{
    /// <summary>True when it looks like one.</summary>
    public static bool Match(string? name) => name is not null && Pattern().IsMatch(name);

    [GeneratedRegex(
        "PASSWORD|PASSWD|SECRET|TOKEN|API[_-]?KEY|PRIVATE[_-]?KEY|CREDENTIAL",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
