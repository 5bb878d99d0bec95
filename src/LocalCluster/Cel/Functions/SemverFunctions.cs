using System.Globalization;
using System.Text.RegularExpressions;
using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>Kubernetes' library of semantic versions (semver.org 2.0.0).</summary>
internal static class SemverFunctions
{
    private const string Number = "(0|[1-9][0-9]*)";
    private const string Identifier = "(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";

    private static readonly Regex Shape = new(
        $@"^(?<major>{Number})\.(?<minor>{Number})\.(?<patch>{Number})(-(?<pre>{Identifier}(\.{Identifier})*))?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?\z",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    public static IEnumerable<Overload> All =>
    [
        Global("semver", Semver.CelType, (string text) => Parse(text)),
        Global("semver", Semver.CelType, (string text, bool normalize) => Parse(normalize ? Normalize(text) : text)),
        Global("isSemver", CelType.Bool, (string text) => Parse(text) is Semver),
        Global("isSemver", CelType.Bool, (string text, bool normalize) => Parse(normalize ? Normalize(text) : text) is Semver),
        Of("major", version => version.Major),
        Of("minor", version => version.Minor),
        Of("patch", version => version.Patch),
        Of("isGreaterThan", CelType.Bool, (a, b) => Semver.Compare(a, b) > 0),
        Of("isLessThan", CelType.Bool, (a, b) => Semver.Compare(a, b) < 0),
        Of("compareTo", CelType.Int, (a, b) => (long)Semver.Compare(a, b)),
    ];

    private static Overload Of(string name, Func<Semver, long> part) =>
        new(name, true, [Semver.CelType], CelType.Int, args => part((Semver)args[0]));

    private static Overload Of(string name, CelType result, Func<Semver, Semver, object> invoke) =>
        new(name, true, [Semver.CelType, Semver.CelType], result, args => invoke((Semver)args[0], (Semver)args[1]));

    private static object Parse(string text)
    {
        var match = Shape.Match(text);
        if (!match.Success
            || !long.TryParse(match.Groups["major"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !long.TryParse(match.Groups["minor"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            || !long.TryParse(match.Groups["patch"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var patch))
        {
            return new CelError("No Major.Minor.Patch elements found");
        }

        return new Semver(major, minor, patch, match.Groups["pre"].Value);
    }

    /// <summary>Takes a <c>v</c> and leading zeros away, and fills up what is missing of three numbers.</summary>
    private static string Normalize(string text)
    {
        var parts = (text.StartsWith('v') ? text[1..] : text).Split('.', 3)
            .Select(WithoutLeadingZeros)
            .ToList();
        while (parts.Count < 3 && parts[^1].AsSpan().IndexOfAny('+', '-') < 0)
        {
            parts.Add("0");
        }

        return string.Join('.', parts);
    }

    private static string WithoutLeadingZeros(string part)
    {
        var trimmed = part.TrimStart('0');
        return trimmed.Length < part.Length && (trimmed.Length == 0 || !char.IsAsciiDigit(trimmed[0])) ? "0" + trimmed : trimmed;
    }

    private sealed record Semver(long Major, long Minor, long Patch, string PreRelease) : IOpaque
    {
        public static CelType CelType { get; } = CelType.Opaque("kubernetes.Semver");

        public CelType Type => CelType;

        public static int Compare(Semver a, Semver b)
        {
            var order = (a.Major, a.Minor, a.Patch).CompareTo((b.Major, b.Minor, b.Patch));
            return order != 0 ? order : ComparePreRelease(a.PreRelease, b.PreRelease);
        }

        private static int ComparePreRelease(string a, string b)
        {
            if (a.Length == 0 || b.Length == 0)
            {
                // A version without a pre-release is later than one with.
                return (a.Length == 0).CompareTo(b.Length == 0);
            }

            var (left, right) = (a.Split('.'), b.Split('.'));
            for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
            {
                if (CompareIdentifier(left[i], right[i]) is var order and not 0)
                {
                    return order;
                }
            }

            return left.Length.CompareTo(right.Length);
        }

        private static int CompareIdentifier(string a, string b)
        {
            var isNumberA = ulong.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var numberA);
            var isNumberB = ulong.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var numberB);
            return isNumberA && isNumberB ? numberA.CompareTo(numberB)
                : isNumberA ? -1
                : isNumberB ? 1
                : Math.Sign(string.CompareOrdinal(a, b));
        }
    }
}
