namespace Architecture;

public sealed class RunbookTests
{
    /// <summary>The golden file holds every alert that the operator plans.</summary>
    private static readonly string Planned = Path.Combine(
        Repository.Root, "tests", "Operators.Tests", "Registry", "Golden", "monitoring-served", "objects.yaml");

    public static TheoryData<string> Alerts() => [.. File.ReadLines(Planned).Select(line => line.TrimStart(' ', '-')).Where(line => line.StartsWith("alert: ", StringComparison.Ordinal))
        .Select(line => line["alert: ".Length..]).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Every_alert_has_a_runbook(string alert)
    {
        var runbook = string.Concat(alert.Select(letter => char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}")).TrimStart('-');

        Assert.StartsWith($"# {alert}", File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations", $"{runbook}.md")), StringComparison.Ordinal);
    }
}
