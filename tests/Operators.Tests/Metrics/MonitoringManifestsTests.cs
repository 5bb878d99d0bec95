using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Manifests;

namespace Operators.Tests.Metrics;

/// <summary><c>manifests/monitoring</c>: alerts and dashboards against Prometheus's own tool, and against the code that measures.</summary>
public sealed partial class MonitoringManifestsTests
{
    private static readonly string Root = RepositoryRoot();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Alerts => [.. Rules().Select(rule => (string)rule["alert"]!)];

    /// <summary>Every alert of mission row 9 that is not the operator's own for each service.</summary>
    [Fact]
    public void The_alerts_of_the_catalogue_are_there_with_their_times_and_severities() => Assert.Equal(
        [
            "CircuitOpen 1m warning", "FestivalSpike 5m info", "LatencyHigh 3m warning", "OrderFailures 2m critical", "PaymentDown 1m critical", "UpiFailures 2m critical",
        ],
        Rules().Select(rule => $"{rule["alert"]} {rule["for"]} {rule["labels"]!["severity"]}").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Every_alert_names_its_runbook(string alert)
    {
        var runbook = (string)Rules().Single(rule => (string)rule["alert"]! == alert)["annotations"]!["runbook"]!;

        Assert.StartsWith($"# {alert}\n", File.ReadAllText(Path.Combine(Root, runbook)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promtool_accepts_the_rules_and_they_fire_when_they_should_and_not_before()
    {
        Promtool.SkipWhereMissing("promtool");
        var directory = Directory.CreateTempSubdirectory("rules-").FullName;
        try
        {
            var groups = new JsonArray([.. Documents("PrometheusRule").SelectMany(document => document.Json["spec"]!["groups"]!.AsArray()).Select(group => group!.DeepClone())]);
            await File.WriteAllTextAsync(Path.Combine(directory, "rules.json"), new JsonObject { ["groups"] = groups }.ToJsonString(), Cancellation); // JSON is YAML
            File.Copy(Path.Combine(Root, "tests", "Operators.Tests", "Metrics", "alerts.test.yaml"), Path.Combine(directory, "alerts.test.yaml"));

            await Promtool.RunAsync(["check", "rules", "rules.json"], directory, Cancellation);
            await Promtool.RunAsync(["test", "rules", "alerts.test.yaml"], directory, Cancellation);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Promtool_accepts_every_expression_of_the_dashboards()
    {
        Promtool.SkipWhereMissing("promtool");
        var directory = Directory.CreateTempSubdirectory("dashboards-").FullName;
        try
        {
            var rules = new JsonArray([.. Expressions().Select((expression, i) => new JsonObject { ["record"] = $"panel_{i}", ["expr"] = expression.Replace("$__rate_interval", "5m", StringComparison.Ordinal) })]);
            var group = new JsonObject { ["name"] = "dashboards", ["rules"] = rules };
            await File.WriteAllTextAsync(Path.Combine(directory, "rules.json"), new JsonObject { ["groups"] = new JsonArray(group) }.ToJsonString(), Cancellation);

            await Promtool.RunAsync(["check", "rules", "rules.json"], directory, Cancellation);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>A metric that nobody measures makes a panel that is always empty, and an alert that never fires.</summary>
    [Fact]
    public void Every_metric_is_one_that_the_fleet_or_the_gateway_measures()
    {
        var code = string.Concat(
            Directory.EnumerateFiles(Path.Combine(Root, "samples", "Fleet"), "*Metrics.cs", SearchOption.AllDirectories)
                .Append(Path.Combine(Root, "src", "Gateway", "Metrics", "GatewayMetrics.cs"))
                .Select(File.ReadAllText));

        Assert.All(
            Rules().Select(rule => (string)rule["expr"]!).Concat(Expressions()).SelectMany(expression => Metric.Matches(expression).Select(match => match.Value)).Distinct(),
            metric => Assert.Contains($"\"{metric.Replace("_bucket", "", StringComparison.Ordinal)}\"", code, StringComparison.Ordinal));
    }

    [Fact]
    public void Dashboards_show_the_time_of_India_and_are_found_by_Grafana()
    {
        var dashboards = Documents("ConfigMap").ToList();

        Assert.Equal(2, dashboards.Count);
        Assert.All(dashboards, document => Assert.Equal("1", (string)document.Json["metadata"]!["labels"]!["grafana_dashboard"]!));
        Assert.All(Dashboards(), dashboard => Assert.Equal("Asia/Kolkata", (string)dashboard["timezone"]!));
        Assert.All(Dashboards(), dashboard => Assert.Distinct(dashboard["panels"]!.AsArray().Select(panel => (int)panel!["id"]!)));
        Assert.Superset(
            new HashSet<string> { "Orders a minute", "₹ a minute", "Payments that go through, by gateway", "Top ten cities, orders of the last hour", "95th percentile, by service", "Who calls whom, requests a second" },
            Dashboards().SelectMany(dashboard => dashboard["panels"]!.AsArray()).Select(panel => (string)panel!["title"]!).ToHashSet());
    }

    [Fact]
    public void Kustomize_takes_in_every_file() => Assert.Equal(
        Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Where(file => file != "kustomization.yaml").Order(StringComparer.Ordinal),
        Documents("Kustomization").Single().Json["resources"]!.AsArray().Select(file => (string)file!).Order(StringComparer.Ordinal));

    private static string Folder => Path.Combine(Root, "manifests", "monitoring");

    private static IEnumerable<ManifestDocument> Documents(string kind) => Directory.EnumerateFiles(Folder, "*.yaml")
        .SelectMany(file => ManifestReader.Read(File.ReadAllText(file), Path.GetFileName(file))).Where(document => document.Kind == kind);

    private static IEnumerable<JsonNode> Rules() => Documents("PrometheusRule")
        .SelectMany(document => document.Json["spec"]!["groups"]!.AsArray()).SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!);

    private static IEnumerable<JsonNode> Dashboards() => Documents("ConfigMap").SelectMany(document => document.Json["data"]!.AsObject()).Select(file => JsonNode.Parse((string)file.Value!)!);

    private static IEnumerable<string> Expressions() => Dashboards()
        .SelectMany(dashboard => dashboard["panels"]!.AsArray()).SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!);

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ControlPlane.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds ControlPlane.sln.");
        }

        return folder;
    }

    [GeneratedRegex(@"\b[a-z]+(_[a-z]+)*_(total|bucket|state)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric { get; }
}
