using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Geography;
using Fleet.Hosting.Input;

namespace Fleet.Deliveries;

/// <summary>A parcel to bring.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RequestDelivery : IInput
{
    /// <summary>Id of the order.</summary>
    [Required]
    [Identifier]
    public string OrderId { get; set; } = "";

    /// <summary>Where the parcel goes.</summary>
    [Required]
    public Place DropOff { get; set; } = new();
}

/// <summary>What became of a delivery.</summary>
internal enum DeliveryStatus
{
    /// <summary>A rider comes for it.</summary>
    Assigned,

    /// <summary>A rider has it.</summary>
    PickedUp,

    /// <summary>It has arrived.</summary>
    Delivered,

    /// <summary>The order was cancelled.</summary>
    Cancelled,
}

/// <summary>A delivery.</summary>
/// <param name="OrderId">Id of the order; an order has one delivery.</param>
/// <param name="Rider">Id of the rider.</param>
/// <param name="Hub">Where the rider starts.</param>
/// <param name="DistanceKm">From the hub to the drop-off, as the crow flies.</param>
/// <param name="EtaAt">When the parcel should arrive (UTC).</param>
/// <param name="Status">What became of it.</param>
internal sealed record Delivery(string OrderId, string Rider, string Hub, double DistanceKm, DateTimeOffset EtaAt, DeliveryStatus Status);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RequestDelivery))]
[JsonSerializable(typeof(Delivery))]
internal sealed partial class DeliveryJson : JsonSerializerContext;
