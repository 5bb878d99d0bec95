using System.Text.RegularExpressions;

namespace Architecture;

public sealed partial class RunbookTests
{
    /// <summary>The golden file holds every alert that the operator plans.</summary>
    private static readonly string Planned = Path.Combine(
        Repository.Root, "tests", "Operators.Tests", "Registry", "Golden", "monitoring-served", "objects.yaml");

    public static TheoryData<string> Alerts() => [.. AlertName().Matches(File.ReadAllText(Planned)).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Every_alert_has_a_runbook(string alert)
    {
        var runbook = WordStart().Replace(alert, "-$0").TrimStart('-').ToLowerInvariant();

        Assert.StartsWith($"# {alert}", File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations", $"{runbook}.md")), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"alert: (?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex AlertName();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex WordStart();
}
