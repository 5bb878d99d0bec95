using Fleet.PersonalData;

namespace Fleet.Payments;

/// <summary>
/// Whether a payment goes through. Plain rules instead of a bank: a ceiling per method (UPI's is NPCI's common one of ₹1 lakh a
/// transaction), and the test addresses that payment gateways' sandboxes decline.
/// </summary>
internal static class PaymentRules
{
    public const string OverLimit = "over_limit";
    public const string DeclinedByBank = "declined_by_bank";
    public const string FraudBlocked = "fraud_blocked";
    public const string ReviewBlocked = "review_blocked";
    public const string ReviewLapsed = "review_lapsed";

    private const string DeclinedVpaName = "failure@";
    private const string DeclinedCardToken = "tok_declined";

    /// <summary>Why the payment is declined; null when it goes through.</summary>
    public static string? DeclineReason(PaymentMethod method, decimal amountInr, Vpa? vpa, string? cardToken) => method switch
    {
        _ when amountInr > CeilingInr(method) => OverLimit,
        PaymentMethod.Upi when vpa?.Address.StartsWith(DeclinedVpaName, StringComparison.OrdinalIgnoreCase) is true => DeclinedByBank,
        PaymentMethod.Card when cardToken == DeclinedCardToken => DeclinedByBank,
        _ => null,
    };

    /// <summary>What a payment is that goes through.</summary>
    public static PaymentStatus Standing(PaymentMethod method) =>
        method == PaymentMethod.CashOnDelivery ? PaymentStatus.DueOnDelivery : PaymentStatus.Succeeded;

    private static decimal CeilingInr(PaymentMethod method) => method switch
    {
        PaymentMethod.Upi => 100_000m,
        PaymentMethod.Card => 500_000m,
        _ => 50_000m,
    };
}
