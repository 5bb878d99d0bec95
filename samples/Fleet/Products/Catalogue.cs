using System.Collections.Frozen;

namespace Fleet.Products;

/// <summary>What the shop sells. It never changes, so that every instance has the same.</summary>
internal static class Catalogue
{
    private static readonly Product[] InSkuOrder =
    [
        new("BAG-SCHOOL-30L", "School bag, 30 litres", "Fashion", 1_149.00m, "420292"),
        new("BOOK-PICTURE-HI", "Panchatantra picture book, Hindi", "Books", 249.00m, "490300"),
        new("CARE-SHAMPOO-650", "Herbal shampoo, 650 ml", "Personal care", 385.00m, "330510"),
        new("CARE-SOAP-4X100", "Sandalwood soap, 4 × 100 g", "Personal care", 164.00m, "340111"),
        new("CARE-TOOTHPASTE-200", "Clove toothpaste, 200 g", "Personal care", 118.00m, "330610"),
        new("FASH-SAREE-SILK", "Banarasi silk saree", "Fashion", 5_499.00m, "500720"),
        new("FASH-SHIRT-COTTON", "Men's cotton shirt", "Fashion", 1_299.00m, "620520"),
        new("FASH-SHOES-RUN", "Running shoes", "Fashion", 2_799.00m, "640411"),
        new("FASH-TSHIRT-COTTON", "Cotton T-shirt", "Fashion", 499.00m, "610910"),
        new("GROC-ATTA-10KG", "Whole wheat atta, 10 kg", "Grocery", 465.00m, "110100"),
        new("GROC-BASMATI-5KG", "Basmati rice, 5 kg", "Grocery", 725.00m, "100630"),
        new("GROC-GHEE-1L", "Cow ghee, 1 litre", "Grocery", 649.00m, "040590"),
        new("GROC-TEA-500G", "Assam tea, 500 g", "Grocery", 289.00m, "090230"),
        new("GROC-TOOR-1KG", "Toor dal, 1 kg", "Grocery", 172.00m, "071360"),
        new("GROC-TURMERIC-200G", "Turmeric powder, 200 g", "Grocery", 68.00m, "091030"),
        new("HOME-COOKER-5L", "Steel pressure cooker, 5 litres", "Home", 2_349.00m, "732393"),
        new("HOME-FAN-1200", "Ceiling fan, 1200 mm", "Home", 2_199.00m, "841451"),
        new("HOME-FRIDGE-260L", "Refrigerator, 260 litres", "Home", 27_490.00m, "841810"),
        new("HOME-LED-9W", "LED bulb, 9 W", "Home", 99.00m, "853952"),
        new("HOME-MIXER-750W", "Mixer grinder, 750 W", "Home", 3_299.00m, "850940"),
        new("HOME-WASHER-7KG", "Washing machine, 7 kg", "Home", 18_990.00m, "845011"),
        new("OFFICE-NOTEBOOK-6", "Exercise notebooks, pack of 6", "Books", 299.00m, "482020"),
        new("OFFICE-PEN-10", "Ball pens, pack of 10", "Books", 90.00m, "960810"),
        new("SPORT-BAT-KASHMIR", "Kashmir willow cricket bat", "Sports", 1_799.00m, "950699"),
        new("TECH-EARPHONES", "Wireless earphones", "Electronics", 1_999.00m, "851830"),
        new("TECH-LAPTOP-14", "Laptop, 14 inch, 16 GB", "Electronics", 54_990.00m, "847130"),
        new("TECH-PHONE-5G", "5G smartphone, 8 GB / 128 GB", "Electronics", 18_999.00m, "851713"),
        new("TECH-POWERBANK-20", "Power bank, 20,000 mAh", "Electronics", 1_899.00m, "850760"),
        new("TECH-TV-43", "Smart television, 43 inch", "Electronics", 26_999.00m, "852872"),
    ];

    private static readonly FrozenDictionary<string, Product> BySku = InSkuOrder.ToFrozenDictionary(p => p.Sku);

    public static Product? Find(string sku) => BySku.GetValueOrDefault(sku);

    /// <summary>The products that have every word of the query in their name or category, after the cursor.</summary>
    public static ProductPage Search(string query, string? cursor, int limit)
    {
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = InSkuOrder
            .Where(p => string.CompareOrdinal(p.Sku, cursor) > 0 && words.All(w => Has(p.Name, w) || Has(p.Category, w)))
            .Take(limit + 1)
            .ToArray();
        // One more than asked for tells whether there is another page.
        return found.Length > limit ? new ProductPage(found[..limit], found[limit - 1].Sku) : new ProductPage(found, NextCursor: null);
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
