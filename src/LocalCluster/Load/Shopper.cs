using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalCluster.Load;

/// <summary>
/// What made-up shoppers are and want: cities and ways to pay in the shares of a shop that began in Mumbai. No shopper is anybody: names say that they are made
/// up, addresses end in <c>example.com</c>, and mobile numbers count up from 6000000001.
/// </summary>
internal static class Shopper
{
    /// <summary>Shoppers that the generator registers.</summary>
    public const int Most = 1_500;

    private static readonly (string Name, string Pin, double Latitude, double Longitude, int Share)[] Cities =
    [
        ("Mumbai", "400001", 19.0760, 72.8777, 34),
        ("Thane", "400601", 19.2000, 72.9700, 9),
        ("Navi Mumbai", "400703", 19.0700, 72.9990, 8),
        ("Delhi", "110001", 28.6139, 77.2090, 12),
        ("Bengaluru", "560001", 12.9716, 77.5946, 11),
        ("Pune", "411001", 18.5204, 73.8567, 8),
        ("Hyderabad", "500001", 17.3850, 78.4867, 6),
        ("Chennai", "600001", 13.0827, 80.2707, 5),
        ("Kolkata", "700001", 22.5726, 88.3639, 4),
        ("Ahmedabad", "380001", 23.0225, 72.5714, 3),
    ];

    private static readonly string[] Searches = ["rice", "tea", "grocery", "fashion", "electronics", "home", "soap", "phone", "cotton", "books"];

    // Everyday goods many times over, as people buy them.
    private static readonly (string Sku, int Share)[] Goods =
    [
        ("GROC-TEA-500G", 14), ("GROC-BASMATI-5KG", 12), ("GROC-ATTA-10KG", 12), ("GROC-TOOR-1KG", 10), ("GROC-GHEE-1L", 7), ("CARE-SOAP-4X100", 9),
        ("CARE-TOOTHPASTE-200", 8), ("HOME-LED-9W", 7), ("FASH-TSHIRT-COTTON", 6), ("OFFICE-NOTEBOOK-6", 5), ("TECH-EARPHONES", 4), ("FASH-SHOES-RUN", 2),
        ("HOME-COOKER-5L", 2), ("TECH-PHONE-5G", 1), ("TECH-LAPTOP-14", 1),
    ];

    /// <summary>A registration.</summary>
    /// <param name="number">Number of the shopper, from 1.</param>
    /// <param name="random">Where chance comes from.</param>
    public static JsonObject Registration(int number, Random random)
    {
        var city = Draw(Cities, static city => city.Share, random);
        return new JsonObject
        {
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"Made-up Shopper {number}"),
            ["mobile"] = string.Create(CultureInfo.InvariantCulture, $"{6_000_000_000 + number}"),
            ["email"] = string.Create(CultureInfo.InvariantCulture, $"shopper-{number}@example.com"),
            ["address"] = new JsonObject
            {
                ["line"] = string.Create(CultureInfo.InvariantCulture, $"{number} Made-up Road"),
                ["city"] = city.Name,
                ["pinCode"] = city.Pin,
                ["location"] = new JsonObject
                {
                    ["latitude"] = Math.Round(city.Latitude + ((random.NextDouble() - 0.5) / 10), 4),
                    ["longitude"] = Math.Round(city.Longitude + ((random.NextDouble() - 0.5) / 10), 4),
                },
            },
        };
    }

    /// <summary>What somebody looks for.</summary>
    public static string Search(Random random) => Searches[random.Next(Searches.Length)];

    /// <summary>Something to look at or to buy.</summary>
    public static string Sku(Random random) => Draw(Goods, static goods => goods.Share, random).Sku;

    /// <summary>An order: one to three lines, by UPI, card or cash at the door; some are declined, and a few are looked at for fraud.</summary>
    public static JsonObject Order(string userId, Random random)
    {
        var lines = new JsonArray();
        foreach (var sku in Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Sku(random)).Distinct())
        {
            lines.Add(new JsonObject { ["sku"] = sku, ["quantity"] = 1 + random.Next(2) });
        }

        return new JsonObject { ["userId"] = userId, ["lines"] = lines, ["payment"] = Payment(random) };
    }

    private static JsonObject Payment(Random random)
    {
        var chance = random.Next(1000);
        return random.Next(100) switch
        {
            < 65 => new JsonObject
            {
                ["method"] = "Upi",
                ["vpa"] = chance switch { < 15 => "failure@madeup", < 20 => "review@madeup", < 22 => "fraud@madeup", _ => "shopper@madeup" },
            },
            < 85 => new JsonObject { ["method"] = "Card", ["cardToken"] = chance < 15 ? "tok_declined" : "tok_madeup" },
            _ => new JsonObject { ["method"] = "CashOnDelivery" },
        };
    }

    private static T Draw<T>(T[] from, Func<T, int> share, Random random)
    {
        var ticket = random.Next(from.Sum(share));
        return from.First(one => (ticket -= share(one)) < 0);
    }
}
