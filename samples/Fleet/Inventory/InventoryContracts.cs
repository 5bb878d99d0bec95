using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Hosting.Input;

namespace Fleet.Inventory;

/// <summary>Goods to set aside for an order, all or none.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReserveStock : IInput
{
    /// <summary>Id of the order, by which the goods are released.</summary>
    [Required]
    [Identifier]
    public string OrderId { get; set; } = "";

    /// <summary>What, and how many.</summary>
    [Required]
    [Length(1, 20, ErrorMessage = "{0} must hold 1 to 20 lines.")]
    public IReadOnlyList<ReservationLine> Lines { get; set; } = [];
}

/// <summary>One kind of goods.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReservationLine
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

/// <summary>A new count of what is on the shelf.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CountStock : IInput
{
    /// <summary>Pieces that can be sold.</summary>
    [Required]
    [Range(0, 1_000_000)]
    public int Available { get; set; }
}

/// <summary>Goods set aside for an order.</summary>
/// <param name="OrderId">Id of the order.</param>
/// <param name="Lines">What, and how many.</param>
/// <param name="ReservedAt">Since when (UTC).</param>
/// <param name="ExpiresAt">Until when (UTC) they wait for the order to be paid; null once they are sold.</param>
internal sealed record Reservation(string OrderId, IReadOnlyList<ReservationLine> Lines, DateTimeOffset ReservedAt, DateTimeOffset? ExpiresAt);

/// <summary>What is on the shelf.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Available">Pieces that can be sold.</param>
/// <param name="Version">Counts changes; the ETag.</param>
internal sealed record StockLevel(string Sku, int Available, long Version);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReserveStock))]
[JsonSerializable(typeof(CountStock))]
[JsonSerializable(typeof(Reservation))]
[JsonSerializable(typeof(StockLevel))]
internal sealed partial class InventoryJson : JsonSerializerContext;
