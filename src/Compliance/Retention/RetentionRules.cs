using System.Globalization;
using System.Reflection;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Compliance.Retention;

/// <summary>Reads retention rules: those that ship with the product, or a company's own in the same form.</summary>
public static class RetentionRules
{
    private const string Shipped = "Compliance.Retention.rules.yaml";

    /// <summary>The rules that ship with the product.</summary>
    public static IReadOnlyList<RetentionRule> LoadShipped()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Shipped)!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Reads rules from YAML.</summary>
    /// <exception cref="FormatException">A rule is not complete or says what can't be; the message names it.</exception>
    public static IReadOnlyList<RetentionRule> Parse(string yaml)
    {
        try
        {
            var file = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build().Deserialize<RuleFile>(yaml);
            var rules = file.Rules.ConvertAll(Read);
            return rules.GroupBy(static rule => (rule.Id, rule.EffectiveFrom)).FirstOrDefault(static group => group.Count() > 1) is { } twice
                ? throw new FormatException($"retention rule {twice.Key.Id} is there twice for the same day")
                : rules;
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw new FormatException($"the retention rules are not as they should be, line {e.Start.Line}: {e.Message}", e);
        }
    }

    private static RetentionRule Read(RuleText text)
    {
        Require(text.Id.Length > 0, text, "id");
        Require(text.Citation.Length > 0, text, "citation");
        Require(text.Classes.Count > 0, text, "classes");
        Require(text.Period is { Days: >= 0, Months: >= 0, Years: >= 0, FinancialYears: >= 0 } && text.Period != new RetentionPeriod(), text, "period");
        Require(text.PersonalData.TrueForAll(text.Classes.Contains), text, "personalData");
        var counted = text.Counted switch
        {
            "event" => RetentionStart.Event,
            "financial-year-end" => RetentionStart.FinancialYearEnd,
            "gst-annual-return" => RetentionStart.GstAnnualReturn,
            _ => throw Broken(text, "counted"),
        };
        Require(text.Period.FinancialYears == 0 || counted == RetentionStart.FinancialYearEnd, text, "counted");
        return new RetentionRule
        {
            Id = text.Id,
            Citation = text.Citation,
            Classes = text.Classes,
            PersonalData = text.PersonalData,
            Erases = text.Erases,
            Period = text.Period,
            Counted = counted,
            EffectiveFrom = Day(text.EffectiveFrom, text, "effectiveFrom"),
            EffectiveTo = text.EffectiveTo is { } to ? Day(to, text, "effectiveTo") : null,
        };
    }

    private static DateOnly Day(string day, RuleText text, string field) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var result) ? result : throw Broken(text, field);

    private static void Require(bool fits, RuleText text, string field)
    {
        if (!fits)
        {
            throw Broken(text, field);
        }
    }

    private static FormatException Broken(RuleText text, string field) => new($"retention rule {text.Id}: {field} is missing or not as it should be");

    private sealed class RuleFile
    {
        public List<RuleText> Rules { get; set; } = [];
    }

    private sealed class RuleText
    {
        public string Id { get; set; } = "";

        public string Citation { get; set; } = "";

        public List<string> Classes { get; set; } = [];

        public List<string> PersonalData { get; set; } = [];

        public List<string> Erases { get; set; } = [];

        public RetentionPeriod Period { get; set; } = new();

        public string Counted { get; set; } = "";

        public string EffectiveFrom { get; set; } = "";

        public string? EffectiveTo { get; set; }
    }
}
