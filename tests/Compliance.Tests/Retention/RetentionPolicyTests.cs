using Compliance.Retention;
using CsCheck;

namespace Compliance.Tests.Retention;

public sealed class RetentionPolicyTests
{
    private static readonly DateOnly Today = new(2028, 1, 1);

    private static readonly Gen<DateOnly> Days = Gen.Int[0, 20_000].Select(static days => new DateOnly(2000, 1, 1).AddDays(days));

    private readonly RetentionPolicy _policy = new(RetentionRules.LoadShipped());

    [Theory]
    [InlineData("tax", "2025-04-01", "2034-03-31", "companies-books")] // GST alone would let it go on 31-12-2032
    [InlineData("governance", "2026-11-27", "2035-03-31", "companies-books")]
    [InlineData("wallet", "2026-11-27", "2036-11-27", "ppi-transactions")]
    [InlineData("payments", "2026-11-27", "2031-11-27", "pmla-transactions")]
    [InlineData("operations", "2026-11-27", "2027-11-27", "dpdp-processing-logs")]
    public void The_longest_rule_wins(string retentionClass, string day, string until, string rule)
    {
        var decision = _policy.Decide(retentionClass, DateOnly.Parse(day, null), Today);

        Assert.Equal((DateOnly.Parse(until, null), rule), (decision.Until, decision.Winner?.Id));
    }

    /// <summary>CGST s.36: 72 months from the due date of the annual return.</summary>
    [Theory]
    [InlineData("2025-04-01", "2032-12-31")]
    [InlineData("2026-03-31", "2032-12-31")]
    [InlineData("2026-04-01", "2033-12-31")]
    public void GST_counts_from_the_due_date_of_the_annual_return(string day, string until) =>
        Assert.Equal(DateOnly.Parse(until, null), Rule("gst-books").KeepUntil(DateOnly.Parse(day, null)));

    [Fact]
    public void A_rule_counts_once_it_is_in_force_on_the_day_of_the_decision()
    {
        Assert.Equal("certin-logs", _policy.Decide("operations", new DateOnly(2026, 11, 27), new DateOnly(2026, 11, 28)).Winner?.Id);
        Assert.Equal("dpdp-processing-logs", _policy.Decide("operations", new DateOnly(2026, 11, 27), new DateOnly(2027, 5, 14)).Winner?.Id);
    }

    [Fact]
    public void A_class_that_no_rule_speaks_of_is_kept()
    {
        var decision = _policy.Decide("unheard-of", new DateOnly(2000, 1, 1), Today);

        Assert.Null(decision.Until);
        Assert.False(decision.IsOver(Today));
    }

    [Theory]
    [InlineData("governance", "2026-11-27", "2026-11-27", "2027-05-26", "certin-logs")] // the Companies Act keeps the entry for years, with the user's id
    [InlineData("governance", "2026-11-27", "2027-05-14", "2027-11-27", "dpdp-processing-logs")] // and the security logs, as long: the name decides
    [InlineData("tax", "2026-11-27", "2026-11-27", "2035-03-31", "companies-books")]
    [InlineData("wallet", "2026-11-27", "2026-11-27", "2036-11-27", "ppi-transactions")]
    public void Personal_data_are_kept_by_the_longest_rule_that_is_about_them(string retentionClass, string recorded, string today, string until, string rule)
    {
        var decision = _policy.DecidePersonalData(retentionClass, DateOnly.Parse(recorded, null), DateOnly.Parse(today, null));

        Assert.Equal((DateOnly.Parse(until, null), rule), (decision.Until, decision.Winner?.Id));
    }

    [Fact]
    public void Personal_data_of_a_class_that_no_rule_speaks_of_stay_and_those_that_no_rule_wants_go()
    {
        var rules = RetentionRules.Parse("rules: [{ id: r, citation: c, classes: [a], period: { years: 8 }, counted: event, effectiveFrom: 2020-01-01 }]");
        var policy = new RetentionPolicy(rules);

        Assert.False(policy.DecidePersonalData("b", Today, Today).IsOver(Today.AddYears(100)));
        Assert.True(policy.DecidePersonalData("a", Today, Today).IsOver(Today));
    }

    [Fact]
    public void A_rule_keeps_personal_data_only_of_its_own_classes() => Assert.Contains(
        "personalData",
        Assert.Throws<FormatException>(() => RetentionRules.Parse("rules: [{ id: r, citation: c, classes: [a], personalData: [b], period: { years: 8 }, counted: event, effectiveFrom: 2020-01-01 }]")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void No_rule_that_applies_asks_for_more_than_the_winner() => Gen.Select(Days, Days, Gen.OneOf("governance", "tax", "payments", "security", "privacy")).Sample(
        (recorded, today, retentionClass) =>
        {
            var decision = _policy.Decide(retentionClass, recorded, today);
            Assert.All(
                _policy.Rules.Where(rule => rule.Classes.Contains(retentionClass) && rule.EffectiveFrom <= today),
                rule => Assert.True(rule.KeepUntil(recorded) <= decision.Until));
            Assert.Equal(decision.Until is { } until && until < today, decision.IsOver(today));
        },
        iter: 1000);

    [Fact]
    public void A_financial_year_runs_from_April_to_March() => Days.Sample(
        day =>
        {
            var year = FinancialYear.Of(day);
            Assert.True(day <= year.End && day > year.End.AddYears(-1));
            Assert.Equal(year.End.AddDays(1), new DateOnly(FinancialYear.Of(year.End.AddDays(1)).StartYear, 4, 1));
        },
        iter: 1000);

    [Fact]
    public void The_day_of_an_instant_is_that_in_India()
    {
        Assert.Equal(new DateOnly(2026, 4, 1), FinancialYear.DayOf(new DateTimeOffset(2026, 3, 31, 18, 30, 0, TimeSpan.Zero)));
        Assert.Equal("FY2025-26", FinancialYear.Of(FinancialYear.DayOf(new DateTimeOffset(2026, 3, 31, 18, 29, 59, TimeSpan.Zero))).ToString());
    }

    [Theory]
    [InlineData("rules:\n- id: x\n  citation: y\n  classes: [a]\n  period: { days: 1 }\n  counted: event\n  effectiveFrom: 2026-13-01", "retention rule x: effectiveFrom")]
    [InlineData("rules:\n- id: x\n  citation: y\n  classes: [a]\n  period: {}\n  counted: event\n  effectiveFrom: 2026-01-01", "retention rule x: period")]
    [InlineData("rules:\n- id: x\n  citation: y\n  classes: [a]\n  period: { days: 1 }\n  counted: whenever\n  effectiveFrom: 2026-01-01", "retention rule x: counted")]
    [InlineData("rules:\n- id: x\n  nonsense: y", "line 3")]
    public void A_rule_that_can_not_be_is_named(string yaml, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => RetentionRules.Parse(yaml)).Message, StringComparison.Ordinal);

    private RetentionRule Rule(string id) => _policy.Rules.Single(rule => rule.Id == id);
}
