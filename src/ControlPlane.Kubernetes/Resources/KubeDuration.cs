using System.Globalization;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>Durations as the Gateway API writes them, such as <c>1h30m</c>, <c>10s</c> or <c>250ms</c> (GEP-2257).</summary>
public static class KubeDuration
{
    private const int MostParts = 4;
    private const int MostDigits = 5;

    /// <summary>Reads a duration; null when it is none.</summary>
    /// <param name="text">One to four numbers of at most five digits, each with its unit: h, m, s or ms.</param>
    public static TimeSpan? Parse(ReadOnlySpan<char> text)
    {
        var (sum, parts) = (TimeSpan.Zero, 0);
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > MostDigits || ++parts > MostParts)
            {
                return null;
            }

            var number = int.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            text = text[digits..];
            if (UnitOf(text) is not var (unit, length))
            {
                return null;
            }

            sum += number * unit;
            text = text[length..];
        }

        return parts > 0 ? sum : null;
    }

    private static (TimeSpan Unit, int Length)? UnitOf(ReadOnlySpan<char> text) => text switch
    {
        ['m', 's', ..] => (TimeSpan.FromMilliseconds(1), 2),
        ['h', ..] => (TimeSpan.FromHours(1), 1),
        ['m', ..] => (TimeSpan.FromMinutes(1), 1),
        ['s', ..] => (TimeSpan.FromSeconds(1), 1),
        _ => null,
    };
}
