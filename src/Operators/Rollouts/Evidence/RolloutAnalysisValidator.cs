using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Registry;
using Operators.Rollouts.Evidence.Sources;

namespace Operators.Rollouts.Evidence;

/// <summary>Checks what a rollout declares of its analysis, as far as the schema can't say it, or as people may have got past it.</summary>
public static class RolloutAnalysisValidator
{
    private const int LongestExpression = 4096;
    private const int LongestPattern = 512;
    private const double MostErrors = 0.5;

    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    /// <param name="spec">The rollout.</param>
    /// <param name="ns">Its namespace.</param>
    /// <param name="knowsRoute">Whether there is a route, as <c>namespace/name</c>; null where that is not known.</param>
    public static IReadOnlyList<FieldProblem> Check(CanaryRolloutSpec spec, string ns, Func<string, bool>? knowsRoute = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var analysis = spec.Analysis;
        return
        [
            .. CheckDuration("spec.analysis.interval", analysis.Interval, TimeSpan.FromSeconds(1)),
            .. CheckDuration("spec.analysis.sourcePatience", analysis.SourcePatience, TimeSpan.Zero),
            .. CheckRate("spec.analysis.falseAlarms", analysis.FalseAlarms),
            .. CheckRate("spec.analysis.falsePasses", analysis.FalsePasses),
            .. CheckThatOneDecides(spec),
            .. analysis.Metrics.GroupBy(static metric => metric.Name, StringComparer.Ordinal).Where(static group => group.Count() > 1)
                .Select(static group => Invalid("spec.analysis.metrics", $"the name '{group.Key}' is given more than once")),
            .. analysis.Metrics.SelectMany(metric => CheckMetric(metric, ns, knowsRoute, $"spec.analysis.metrics[{metric.Name}]")),
        ];
    }

    private static IEnumerable<FieldProblem> CheckThatOneDecides(CanaryRolloutSpec spec)
    {
        if (spec.Analysis.Metrics.Count > 0 && spec.Analysis.Metrics.All(static metric => metric.DryRun) && spec.Steps.Any(static step => step.Analysis is not null))
        {
            yield return Invalid("spec.analysis.metrics", "all metrics are dry runs, so that a step of analysis would wait for nothing: let one decide, or take the step out");
        }
    }

    private static IEnumerable<FieldProblem> CheckMetric(RolloutMetric metric, string ns, Func<string, bool>? knowsRoute, string field)
    {
        if (metric.Route is { } route && knowsRoute is not null && !knowsRoute(route.Contains('/', StringComparison.Ordinal) ? route : $"{ns}/{route}"))
        {
            yield return Invalid($"{field}.route", $"there is no route {route}");
        }

        if (metric.Route is not null && !DeclaredMetrics.IsTraffic(metric))
        {
            yield return Invalid($"{field}.route", "a route narrows SuccessRate and Latency only");
        }

        if (metric.Latency is not null && metric.Type != RolloutMetricType.Latency)
        {
            yield return Invalid($"{field}.latency", "is a setting of type Latency");
        }

        (string Name, bool IsThere, RolloutMetricType Of)[] settings =
        [
            ("expression", metric.Expression is not null, RolloutMetricType.Expression),
            ("logs", metric.Logs is not null, RolloutMetricType.LogPattern),
            ("webhook", metric.Webhook is not null, RolloutMetricType.Webhook),
        ];
        foreach (var (name, isThere, of) in settings.Where(setting => setting.IsThere != (metric.Type == setting.Of)))
        {
            yield return Invalid($"{field}.{name}", isThere ? $"is a setting of type {of}" : $"is missing: type {of} needs it");
        }

        foreach (var problem in (IEnumerable<FieldProblem>)
            [.. CheckComparison(metric, field), .. CheckLatency(metric, field), .. CheckExpression(metric, field), .. CheckThreshold(metric, field), .. CheckPatterns(metric, field), .. CheckWebhook(metric, field)])
        {
            yield return problem;
        }
    }

    private static IEnumerable<FieldProblem> CheckComparison(RolloutMetric metric, string field)
    {
        if ((metric.Tolerance ?? metric.Margin) is null)
        {
            yield break;
        }

        if (metric.Threshold is not null || !DeclaredMetrics.IsCounted(metric))
        {
            yield return Invalid($"{field}.{(metric.Tolerance is null ? "margin" : "tolerance")}", "is of the comparison with the stable version, which this metric does not make");
            yield break;
        }

        foreach (var (name, share) in ((string, string?)[])[("tolerance", metric.Tolerance), ("margin", metric.Margin)])
        {
            if (share is not null && KubePercentage.Parse(share) is not < 1)
            {
                yield return Invalid($"{field}.{name}", $"'{share}' is no share under 100%; write it as 0.5%");
            }
        }

        var options = DeclaredMetrics.OptionsOf(new(), metric, comparisons: 1);
        if (options.Margin <= options.Tolerance)
        {
            yield return Invalid($"{field}.margin", string.Create(CultureInfo.InvariantCulture, $"{100 * options.Margin:0.###}% must be more than the tolerance of {100 * options.Tolerance:0.###}%"));
        }
    }

    private static IEnumerable<FieldProblem> CheckLatency(RolloutMetric metric, string field)
    {
        if (metric.Latency is not { } latency)
        {
            yield break;
        }

        if (latency.Quantile is not ("p50" or "p90" or "p95" or "p99"))
        {
            yield return Invalid($"{field}.latency.quantile", $"'{latency.Quantile}' is none of p50, p90, p95 and p99");
        }

        if (latency.Bar is { } bar && KubeDuration.Parse(bar) is not { Ticks: > 0 })
        {
            yield return Invalid($"{field}.latency.bar", $"'{bar}' is no time over 0, such as 800ms");
        }
    }

    private static IEnumerable<FieldProblem> CheckExpression(RolloutMetric metric, string field)
    {
        if (metric.Expression is not { } expression)
        {
            yield break;
        }

        if (expression.Value is null ? expression.Bad is null || expression.Total is null : expression.Bad is not null || expression.Total is not null)
        {
            yield return Invalid($"{field}.expression", "has a value, which is held to a threshold, or bad and total, which are compared with the stable version");
        }

        foreach (var (name, text) in ((string, string?)[])[("value", expression.Value), ("bad", expression.Bad), ("total", expression.Total)])
        {
            if (text is null)
            {
                continue;
            }

            var at = $"{field}.expression.{name}";
            if (string.IsNullOrWhiteSpace(text) || text.Length > LongestExpression)
            {
                yield return Invalid(at, text.Length > LongestExpression ? $"is longer than {LongestExpression} characters" : "is empty");
            }

            foreach (var unknown in ExpressionTemplate.Unknown(text))
            {
                yield return Invalid(at, $"${{{unknown}}} stands for nothing; there are ${{namespace}}, ${{service}}, ${{workload}}, ${{track}} and ${{interval}}");
            }

            if (name != "value" && !ExpressionTemplate.TellsSides(text))
            {
                yield return Invalid(at, "must ask for one side by ${track} or ${workload}, or stable and canary would always be the same");
            }
        }
    }

    private static IEnumerable<FieldProblem> CheckThreshold(RolloutMetric metric, string field)
    {
        if (metric.Threshold is not { } threshold)
        {
            if (metric.Expression?.Value is not null)
            {
                yield return Invalid($"{field}.threshold", "is missing: a value says nothing without a limit");
            }

            yield break;
        }

        if (threshold.FailedLooks < 1)
        {
            yield return Invalid($"{field}.threshold.failedLooks", "must be at least 1");
        }

        switch (metric.Type)
        {
            case RolloutMetricType.SuccessRate when threshold.Max is not null || KubePercentage.Parse(threshold.Min) is null:
                yield return Invalid($"{field}.threshold", "of SuccessRate has a min, such as 99.5%, and no max");
                break;
            case RolloutMetricType.Latency when metric.Latency?.Bar is null || threshold.Min is not null || threshold.Max is not null:
                yield return Invalid($"{field}.threshold", "of Latency is latency.bar, and has neither min nor max");
                break;
            case RolloutMetricType.Expression when metric.Expression?.Value is null:
                yield return Invalid($"{field}.threshold", "is for an expression with a value; bad and total are compared with the stable version");
                break;
            case RolloutMetricType.Expression:
                var (min, max) = (Number(threshold.Min), Number(threshold.Max));
                if ((threshold.Min is not null && min is null) || (threshold.Max is not null && max is null) || (min is null && max is null) || min > max)
                {
                    yield return Invalid($"{field}.threshold", "of Expression has a min, a max or both, which are numbers, the min no more than the max");
                }

                break;
            case RolloutMetricType.Contract or RolloutMetricType.LogPattern or RolloutMetricType.Webhook:
                yield return Invalid($"{field}.threshold", $"is not for type {metric.Type}");
                break;
        }
    }

    private static IEnumerable<FieldProblem> CheckPatterns(RolloutMetric metric, string field)
    {
        if (metric.Logs is not { } logs)
        {
            yield break;
        }

        if (logs.Patterns.Count == 0)
        {
            yield return Invalid($"{field}.logs.patterns", "is empty");
        }

        for (var i = 0; i < logs.Patterns.Count; i++)
        {
            if (ProblemOf(logs.Patterns[i]) is { } problem)
            {
                yield return Invalid($"{field}.logs.patterns[{i}]", problem);
            }
        }

        static string? ProblemOf(string pattern)
        {
            if (pattern.Length is 0 or > LongestPattern)
            {
                return $"must have 1 to {LongestPattern} characters";
            }

            try
            {
                _ = LogPatternSource.Compile(pattern);
                return null;
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                return e is NotSupportedException ? "uses what needs backtracking, such as a back reference or a look-around" : $"is no regular expression: {e.Message}";
            }
        }
    }

    private static IEnumerable<FieldProblem> CheckWebhook(RolloutMetric metric, string field)
    {
        if (metric.Webhook is { } webhook
            && !(Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0))
        {
            yield return Invalid($"{field}.webhook.url", "is no address such as https://gate.example.com/canary, without a user in it");
        }
    }

    private static IEnumerable<FieldProblem> CheckDuration(string field, string text, TimeSpan least)
    {
        if (KubeDuration.Parse(text) is not { } time || time < least)
        {
            yield return Invalid(field, $"'{text}' is no duration of at least {least.TotalSeconds:0} s; write it as 30s or 5m");
        }
    }

    private static IEnumerable<FieldProblem> CheckRate(string field, string text)
    {
        if (KubePercentage.Parse(text) is not (> 0 and <= MostErrors))
        {
            yield return Invalid(field, $"'{text}' is no rate over 0% and up to 50%; write it as 5%");
        }
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static FieldProblem Invalid(string field, string message) => new(RolloutConditions.Reasons.Invalid, field, message);
}
