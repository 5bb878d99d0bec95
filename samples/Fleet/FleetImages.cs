using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Fleet.Deliveries;
using Fleet.Inventory;
using Fleet.Kyc;
using Fleet.Notifications;
using Fleet.Orders;
using Fleet.Payments;
using Fleet.Products;
using Fleet.Users;

namespace Fleet;

/// <summary>
/// The images of the demo fleet: <c>fleet/&lt;service&gt;:&lt;tag&gt;</c>, such as <c>fleet/order:1.4.0</c>. Any tag is a version.
/// </summary>
public static partial class FleetImages
{
    /// <summary>Every service of the fleet.</summary>
    public static IReadOnlyList<FleetService> Services { get; } =
    [
        new UserService(),
        new ProductService(),
        new InventoryService(),
        new OrderService(),
        new PaymentService(),
        new NotificationService(),
        new DeliveryService(),
        new KycService(),
    ];

    /// <summary>
    /// Finds the service that an image holds. An image without a tag has version <c>latest</c>, as container engines have it.
    /// </summary>
    /// <returns>False when the image is none of the fleet's.</returns>
    public static bool TryGetService(string image, [NotNullWhen(true)] out FleetService? service, [NotNullWhen(true)] out string? version)
    {
        var match = Reference.Match(image);
        var tag = match.Groups["tag"];
        service = match.Success ? Services.FirstOrDefault(s => s.Name == match.Groups["service"].Value) : null;
        version = service is null ? null : tag.Success ? tag.Value : "latest";
        return version is not null;
    }

    [GeneratedRegex(
        @"\Afleet/(?<service>[a-z]+)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Reference { get; }
}
