using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Operators.Tests.Traffic.Testing;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic;

/// <summary>What the CRDs and the documentation say of fields and providers is what providers do.</summary>
public sealed partial class ProviderFieldTests
{
    private const string Begin = "<!-- fields: begin -->\n";
    private const string End = "<!-- fields: end -->\n";

    /// <summary>The one of the product first, as in the table.</summary>
    private static readonly IReadOnlyList<ITrafficProvider> Providers =
        [.. TrafficProviders.All(new SharedCounterStore("redis.infra")).OrderBy(static provider => provider.Name != "dabbawala")];

    /// <summary>Asked once, as it takes some thousand plans.</summary>
    private static readonly Lazy<IReadOnlyDictionary<(string Kind, string Path, string Provider), Support>> Found = new(() =>
        PolicyField.All.SelectMany(field => Providers.Select(provider => (field, provider))).ToDictionary(
            pair => (pair.field.Kind, pair.field.Path, pair.provider.Name), pair => FieldSupport.Of(pair.field, pair.provider)));

    [Fact]
    public void Descriptions_of_fields_name_the_providers_that_honour_them()
    {
        var wrong = PolicyField.All.SelectMany(field =>
        {
            var said = Said(field);
            var support = Providers.ToDictionary(provider => provider.Name, provider => SupportOf(field, provider));
            return Providers
                .Where(provider => said.ContainsKey(provider.Name) != (support[provider.Name] != Support.No) || (support[provider.Name] == Support.Partly && said[provider.Name].Length == 0))
                .Select(provider => $"{field.Kind} {field.Path}: {provider.Name} {support[provider.Name]}, and the description says {(said.TryGetValue(provider.Name, out var note) ? $"'{note}'" : "nothing")}");
        });

        Assert.True(!wrong.Any(), string.Join('\n', wrong));
    }

    [Fact]
    public void The_documentation_has_the_table_of_fields_and_providers()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "providers.md"));
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("DABBAWALA_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Source(), text[..from] + Tables() + text[to..]);
            return;
        }

        Assert.Equal(Tables(), text[from..to]);
    }

    private static string Tables() => string.Join(
        '\n',
        [
            .. PolicySet.Kinds.SelectMany(Table),
            "",
            "## What they report",
            "",
            "The words that `status.unsupported` has, by field.",
            .. Providers.SelectMany(Words),
            "\n",
        ]);

    private static IEnumerable<string> Table(string kind) =>
    [
        "",
        $"### {kind}",
        "",
        $"| Field | {string.Join(" | ", Providers.Select(provider => provider.Name))} |",
        $"|---|{string.Concat(Providers.Select(_ => "---|"))}",
        .. PolicyField.All.Where(field => field.Kind == kind).Select(field =>
            $"| `{field.Path["spec.".Length..]}` | {string.Join(" | ", Providers.Select(provider => SupportOf(field, provider).ToString().ToLowerInvariant()))} |"),
    ];

    private static IEnumerable<string> Words(ITrafficProvider provider) =>
    [
        "",
        $"### {provider.Name}",
        "",
        .. PolicyField.All.SelectMany(field => FieldSupport.Reports(field, provider))
            .Select(report => $"- `{Places().Replace(report.Field, "")}`: {report.Message}")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The providers that the nearest description names, with what it adds in brackets to each.</summary>
    private static Dictionary<string, string> Said(PolicyField field)
    {
        var list = field.Descriptions.Select(description => Named().Match(description)).FirstOrDefault(match => match.Success)?.Groups["names"].Value ?? "";
        return list == "all"
            ? Providers.ToDictionary(provider => provider.Name, _ => "")
            : Provider().Matches(list).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["note"].Value);
    }

    private static Support SupportOf(PolicyField field, ITrafficProvider provider) => Found.Value[(field.Kind, field.Path, provider.Name)];

    private static string Source([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "traffic", "providers.md");

    [GeneratedRegex(@"Providers: (?<names>[^.]+)\.", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<name>[a-z-]+)( \((?<note>[^)]*)\))?(, |$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Provider();

    [GeneratedRegex(@"\[[^\]]*\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Places();
}
