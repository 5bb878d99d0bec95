using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Hosting.Input;
using Fleet.Orders.Clients;
using Fleet.Orders.Sagas;
using Fleet.PersonalData;

namespace Fleet.Orders;

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

/// <summary>What became of an order.</summary>
internal enum OrderStatus
{
    /// <summary>Its steps are under way.</summary>
    Pending,

    /// <summary>A person looks at its payment; the goods are set aside meanwhile.</summary>
    InReview,

    /// <summary>Paid for, or to be paid at the door.</summary>
    Confirmed,

    /// <summary>A rider has picked it up.</summary>
    Shipped,

    /// <summary>It has arrived.</summary>
    Delivered,

    /// <summary>It could not be placed; what was done was undone.</summary>
    Failed,

    /// <summary>Called off; the money went back.</summary>
    Cancelled,
}

/// <summary>A basket that a customer wants to have.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlaceOrder : IInput
{
    /// <summary>Id of the customer.</summary>
    [Required]
    [Identifier]
    public string UserId { get; set; } = "";

    /// <summary>What, and how many.</summary>
    [Required]
    [Length(1, 20, ErrorMessage = "{0} must hold 1 to 20 lines.")]
    public IReadOnlyList<BasketLine> Lines { get; set; } = [];

    /// <summary>How it is paid for.</summary>
    [Required]
    public PaymentInput Payment { get; set; } = new();
}

/// <summary>One product of a basket.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BasketLine
{
    /// <summary>Stock keeping unit.</summary>
    [Required]
    [Identifier]
    public string Sku { get; set; } = "";

    /// <summary>Pieces, 1 to 100.</summary>
    [Required]
    [Range(1, 100)]
    public int Quantity { get; set; }
}

/// <summary>How an order is paid for.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PaymentInput
{
    /// <summary>The method.</summary>
    [Required]
    [EnumDataType(typeof(PaymentMethod))]
    public PaymentMethod? Method { get; set; }

    /// <summary>UPI address; for Upi.</summary>
    [UpiAddress]
    public string? Vpa { get; set; }

    /// <summary>Token of a card, never its number; for Card.</summary>
    [StringLength(50)]
    public string? CardToken { get; set; }
}

/// <summary>An order.</summary>
/// <param name="Id">Id of the order.</param>
/// <param name="UserId">Id of the customer.</param>
/// <param name="City">Where it goes.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Lines">What, how many and for how much.</param>
/// <param name="TotalInr">Rupees, taxes included.</param>
/// <param name="PaymentId">Id of its payment; null while there is none.</param>
/// <param name="EtaAt">When it should arrive (UTC); null while no rider has it.</param>
/// <param name="PlacedAt">When it was placed (UTC).</param>
internal sealed record Order(
    string Id,
    string UserId,
    string City,
    OrderStatus Status,
    IReadOnlyList<OrderLine> Lines,
    decimal TotalInr,
    string? PaymentId,
    DateTimeOffset? EtaAt,
    DateTimeOffset PlacedAt);

/// <summary>One product of an order.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Name">Name in the shop.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="UnitPriceInr">Rupees a piece, as the catalogue had it when the order was placed.</param>
internal sealed record OrderLine(string Sku, string Name, int Quantity, decimal UnitPriceInr);

/// <summary>How an order came to be what it is.</summary>
/// <param name="OrderId">Id of the order.</param>
/// <param name="State">Where its saga stands.</param>
/// <param name="Instance">The instance that drives it, or did last.</param>
/// <param name="Trail">What became of each step, in order.</param>
internal sealed record SagaReply(string OrderId, SagaState State, string Instance, IReadOnlyList<SagaEntry> Trail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PlaceOrder))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(SagaReply))]
[JsonSerializable(typeof(SaleRequest))]
[JsonSerializable(typeof(object))]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(CatalogueItem))]
[JsonSerializable(typeof(ReservationRequest))]
[JsonSerializable(typeof(ReservationReceipt))]
[JsonSerializable(typeof(PaymentRequest))]
[JsonSerializable(typeof(PaymentReceipt))]
[JsonSerializable(typeof(RefundRequest))]
[JsonSerializable(typeof(RefundReceipt))]
[JsonSerializable(typeof(DeliveryRequest))]
[JsonSerializable(typeof(DeliveryPromise))]
[JsonSerializable(typeof(NotificationRequest))]
[JsonSerializable(typeof(NotificationReceipt))]
internal sealed partial class OrderJson : JsonSerializerContext;
