using System.Globalization;
using ControlPlane.Kubernetes.Resources.Rollouts;

namespace Operators.Rollouts.Evidence;

/// <summary>What a source that counts no requests comes to, by what it said at each look.</summary>
internal static class ValueVerdict
{
    public const string Pass = "pass";
    public const string Fail = "fail";
    public const string Wait = "wait";

    public static (RolloutVerdict Verdict, string Message) Of(RolloutMetric metric, MetricEvidence evidence)
    {
        IReadOnlyList<string> said = [.. evidence.Values.Where(static value => value.Length > 0)];
        return said.Count == 0 ? (RolloutVerdict.NotEnoughData, "it said nothing yet") : metric.Type switch
        {
            RolloutMetricType.Expression => OfNumbers(metric.Threshold ?? new(), said),
            RolloutMetricType.LogPattern => OfMatches(metric.Logs?.Most ?? 0, said, evidence.Detail),
            _ => OfWords(said, evidence.Detail),
        };
    }

    private static (RolloutVerdict, string) OfNumbers(RolloutThreshold threshold, IReadOnlyList<string> said)
    {
        var (min, max) = (Number(threshold.Min), Number(threshold.Max));
        var inARow = 0;
        foreach (var text in said)
        {
            var value = Number(text);
            inARow = value < min || value > max ? inARow + 1 : 0;
            if (inARow >= threshold.FailedLooks)
            {
                return (RolloutVerdict.Fail, Look(text));
            }
        }

        return (inARow == 0 && said.Count >= threshold.FailedLooks ? RolloutVerdict.Pass : RolloutVerdict.NotEnoughData, Look(said[^1]));

        string Look(string value)
        {
            string?[] limits = [threshold.Min is null ? null : $"at least {threshold.Min}", threshold.Max is null ? null : $"at most {threshold.Max}"];
            return $"{value}, where {string.Join(" and ", limits.OfType<string>())} is well; {inARow} of {threshold.FailedLooks} looks in a row failed, {said.Count} in all";
        }
    }

    private static (RolloutVerdict, string) OfMatches(int most, IReadOnlyList<string> said, string? detail)
    {
        var sum = said.Sum(static value => long.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture));
        var message = string.Create(CultureInfo.InvariantCulture, $"{sum:N0} lines of the canary's logs match, {most:N0} may{(detail is null ? "" : $"; last {detail}")}");
        return (sum > most ? RolloutVerdict.Fail : RolloutVerdict.Pass, message);
    }

    /// <summary>One no is enough; a yes holds until something else is said.</summary>
    private static (RolloutVerdict, string) OfWords(IReadOnlyList<string> said, string? detail) =>
        said.Contains(Fail) ? (RolloutVerdict.Fail, detail ?? "it said fail")
        : said[^1] == Pass ? (RolloutVerdict.Pass, detail ?? "it said pass")
        : (RolloutVerdict.NotEnoughData, detail ?? "it said wait");

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
