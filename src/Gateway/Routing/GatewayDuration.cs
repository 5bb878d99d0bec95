using System.Globalization;

namespace Gateway.Routing;

/// <summary>Durations of the Gateway API (GEP-2257): <c>1h</c>, <c>500ms</c>, <c>1m30s</c>.</summary>
internal static class GatewayDuration
{
    private static readonly (string Unit, TimeSpan One)[] Units =
        [("ms", TimeSpan.FromMilliseconds(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1))];

    /// <summary>Parses a duration: one to four numbers of at most five digits, each with its unit.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan();
        for (var part = 0; part < 4 && rest.Length > 0; part++)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 5 || !TryTakeUnit(rest[digits..], out var one, out var unitLength))
            {
                return false;
            }

            duration += int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * one;
            rest = rest[(digits + unitLength)..];
        }

        return rest.IsEmpty && text.Length > 0;
    }

    private static bool TryTakeUnit(ReadOnlySpan<char> text, out TimeSpan one, out int length)
    {
        foreach (var (unit, value) in Units)
        {
            if (text.StartsWith(unit, StringComparison.Ordinal))
            {
                (one, length) = (value, unit.Length);
                return true;
            }
        }

        (one, length) = (default, 0);
        return false;
    }
}
