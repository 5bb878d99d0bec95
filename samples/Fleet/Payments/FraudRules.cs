using Fleet.PersonalData;

namespace Fleet.Payments;

/// <summary>What fraud scoring looks at.</summary>
/// <param name="AmountInr">Rupees.</param>
/// <param name="Method">How the customer pays.</param>
/// <param name="Vpa">UPI address, of a payment by UPI.</param>
/// <param name="CardToken">Token of the card, of a payment by card.</param>
/// <param name="RecentPayments">Payments that the customer tried in the last <see cref="FraudRules.PaymentWindow"/>, this one not counted.</param>
/// <param name="RecentDeclines">How many of the customer's payments were declined in the last <see cref="FraudRules.DeclineWindow"/>.</param>
/// <param name="Hour">Hour of the day in India, 0 to 23.</param>
internal sealed record FraudSignals(
    decimal AmountInr, PaymentMethod Method, Vpa? Vpa, string? CardToken, int RecentPayments, int RecentDeclines, int Hour);

/// <summary>What fraud scoring says of a payment.</summary>
internal enum FraudVerdict
{
    /// <summary>It goes through.</summary>
    Approve,

    /// <summary>A person decides.</summary>
    Review,

    /// <summary>It is declined.</summary>
    Block,
}

/// <summary>The outcome of fraud scoring.</summary>
/// <param name="Score">Points, 0 to 100.</param>
/// <param name="Verdict">What they come to.</param>
/// <param name="Reasons">The rules that gave points, in the order of the rules.</param>
internal sealed record FraudAssessment(int Score, FraudVerdict Verdict, IReadOnlyList<string> Reasons);

/// <summary>
/// Fraud scoring by plain rules, so that anyone can say why a payment was held: each gives points, from 70 on a payment is blocked and from 40 on a
/// person reviews it. The table is in the fleet's README. Amounts and counts are those of a small shop, and no bank's.
/// </summary>
internal static class FraudRules
{
    public const int BlockFrom = 70;
    public const int ReviewFrom = 40;

    public static readonly TimeSpan PaymentWindow = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan DeclineWindow = TimeSpan.FromMinutes(30);

    private const string ReviewName = "review@";
    private const string FraudName = "fraud@";
    private const string ReviewToken = "tok_review";
    private const string FraudToken = "tok_stolen";

    public static FraudAssessment Assess(FraudSignals signals)
    {
        (string Reason, int Points)[] rules =
        [
            ("large_amount", signals.AmountInr >= 200_000m ? 30 : signals.AmountInr >= 75_000m ? 15 : 0),
            ("many_payments", signals.RecentPayments >= 10 ? 40 : signals.RecentPayments >= 5 ? 20 : 0),
            ("declined_before", signals.RecentDeclines >= 5 ? 40 : signals.RecentDeclines >= 3 ? 20 : 0),
            ("large_at_night", signals.Hour < 5 && signals.AmountInr >= 20_000m ? 15 : 0),
            ("sandbox", Sandbox(signals)),
        ];
        var score = Math.Min(100, rules.Sum(r => r.Points));
        var verdict = score >= BlockFrom ? FraudVerdict.Block : score >= ReviewFrom ? FraudVerdict.Review : FraudVerdict.Approve;
        return new FraudAssessment(score, verdict, [.. rules.Where(r => r.Points > 0).Select(r => r.Reason)]);
    }

    /// <summary>Names that ask for a verdict, as payment gateways' sandboxes have them.</summary>
    private static int Sandbox(FraudSignals signals) =>
        Named(signals.Vpa, FraudName) || signals.CardToken == FraudToken ? 100
        : Named(signals.Vpa, ReviewName) || signals.CardToken == ReviewToken ? ReviewFrom
        : 0;

    private static bool Named(Vpa? vpa, string name) => vpa?.Address.StartsWith(name, StringComparison.OrdinalIgnoreCase) is true;
}
