using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Hosting.Input;
using Fleet.PersonalData;

namespace Fleet.Payments;

/// <summary>How a customer pays.</summary>
internal enum PaymentMethod
{
    /// <summary>UPI, by the customer's UPI address.</summary>
    Upi,

    /// <summary>A card, by the token that the card network gave for it.</summary>
    Card,

    /// <summary>Cash, collected by the rider.</summary>
    CashOnDelivery,
}

/// <summary>What became of a payment.</summary>
internal enum PaymentStatus
{
    /// <summary>The money is there.</summary>
    Succeeded,

    /// <summary>The money is collected at the door.</summary>
    DueOnDelivery,

    /// <summary>No money; <c>declineReason</c> tells why.</summary>
    Declined,

    /// <summary>The money went back.</summary>
    Refunded,

    /// <summary>It might be fraud: a person decides, within ten minutes.</summary>
    InReview,
}

/// <summary>What a person says of a payment in review.</summary>
internal enum ReviewDecision
{
    /// <summary>It goes through.</summary>
    Approve,

    /// <summary>It is declined.</summary>
    Block,
}

/// <summary>A payment of an order.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MakePayment : IInput
{
    /// <summary>Id of the order.</summary>
    [Required]
    [Identifier]
    public string OrderId { get; set; } = "";

    /// <summary>Id of the customer, for fraud scoring: payments without one are not told apart by who makes them.</summary>
    [Identifier]
    public string? UserId { get; set; }

    /// <summary>Rupees, with at most two decimals.</summary>
    [Required]
    [Range(typeof(decimal), "1", "10000000", ParseLimitsInInvariantCulture = true)]
    public decimal AmountInr { get; set; }

    /// <summary>How the customer pays.</summary>
    [Required]
    [EnumDataType(typeof(PaymentMethod))]
    public PaymentMethod? Method { get; set; }

    /// <summary>UPI address; for Upi.</summary>
    [UpiAddress]
    public string? Vpa { get; set; }

    /// <summary>Token of a card, never its number; for Card.</summary>
    [RegularExpression("^tok_[A-Za-z0-9]{4,40}$", ErrorMessage = "{0} must be a token such as tok_4f9a2c, never a card's number.")]
    public string? CardToken { get; set; }
}

/// <summary>What a person says of a payment in review.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReviewPayment : IInput
{
    /// <summary>The decision.</summary>
    [Required]
    [EnumDataType(typeof(ReviewDecision))]
    public ReviewDecision? Decision { get; set; }
}

/// <summary>A wish to give an order's money back.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RefundOrder : IInput
{
    /// <summary>Id of the order.</summary>
    [Required]
    [Identifier]
    public string OrderId { get; set; } = "";
}

/// <summary>A payment.</summary>
/// <param name="Id">Id of the payment.</param>
/// <param name="OrderId">Id of the order.</param>
/// <param name="AmountInr">Rupees.</param>
/// <param name="Method">How the customer pays.</param>
/// <param name="Status">What became of it.</param>
/// <param name="DeclineReason">Why it was declined: over_limit, declined_by_bank, fraud_blocked, review_blocked or review_lapsed.</param>
/// <param name="MadeAt">When (UTC).</param>
internal sealed record Payment(
    string Id, string OrderId, decimal AmountInr, PaymentMethod Method, PaymentStatus Status, string? DeclineReason, DateTimeOffset MadeAt)
{
    /// <summary>Points of fraud scoring, 0 to 100: from 40 on a person reviews the payment, from 70 on it is blocked.</summary>
    public int FraudScore { get; init; }

    /// <summary>The rules that gave them.</summary>
    public IReadOnlyList<string> FraudReasons { get; init; } = [];
}

/// <summary>What went back.</summary>
/// <param name="OrderId">Id of the order.</param>
/// <param name="RefundedInr">Rupees; 0 when nothing had been taken.</param>
internal sealed record RefundReply(string OrderId, decimal RefundedInr);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MakePayment))]
[JsonSerializable(typeof(RefundOrder))]
[JsonSerializable(typeof(ReviewPayment))]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(RefundReply))]
internal sealed partial class PaymentJson : JsonSerializerContext;
