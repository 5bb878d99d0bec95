using System.Globalization;

namespace Fleet.Hosting.Faults;

/// <summary>
/// Reads the variable <c>FAULTS</c>, with which a manifest makes versions worse from their start: plans with <c>;</c> between them, each for one version,
/// such as <c>2.0.0: errors=2% latency=20ms slow=1%/800ms</c>. Instances of other versions are not concerned, so that stable and canary can have the same
/// variable.
/// </summary>
internal static class FaultVariable
{
    public const string Name = "FAULTS";

    /// <summary>The plans by version.</summary>
    /// <exception cref="ArgumentException">The text is no such list; the message says what is wrong with it.</exception>
    public static IReadOnlyDictionary<string, FaultPlan> Read(string text) => text
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split(':', 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 } version, var plan]
            ? KeyValuePair.Create(version, Plan(plan))
            : throw Wrong($"'{entry}' names no version, such as in 2.0.0: errors=2%"))
        .ToDictionary();

    private static FaultPlan Plan(string text)
    {
        var plan = new FaultPlan();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word.Split('=', 2))
            {
                case ["errors", var share]:
                    plan.ErrorRate = Share(share);
                    break;
                case ["latency", var wait]:
                    plan.LatencyMs = Milliseconds(wait);
                    break;
                case ["slow", var slow] when slow.Split('/') is [var share, var wait]:
                    (plan.SlowRate, plan.SlowMs) = (Share(share), Milliseconds(wait));
                    break;
                default:
                    throw Wrong($"'{word}' is none of errors=2%, latency=20ms and slow=1%/800ms");
            }
        }

        return plan;
    }

    private static double Share(string text) =>
        text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100
            ? percent / 100
            : throw Wrong($"'{text}' is no share from 0% to 100%");

    private static int Milliseconds(string text) =>
        text.EndsWith("ms", StringComparison.Ordinal) && int.TryParse(text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var wait) && wait <= 60_000
            ? wait
            : throw Wrong($"'{text}' is no time from 0ms to 60000ms");

    private static ArgumentException Wrong(string why) => new($"{Name}: {why}.");
}
