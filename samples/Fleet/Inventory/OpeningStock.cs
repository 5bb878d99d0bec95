namespace Fleet.Inventory;

/// <summary>What is on the shelf when an instance starts: SKU and pieces.</summary>
internal static class OpeningStock
{
    public static IReadOnlyList<StockLevel> Levels { get; } =
    [
        Of("BAG-SCHOOL-30L", 4_000),
        Of("BOOK-PICTURE-HI", 8_000),
        Of("CARE-SHAMPOO-650", 10_000),
        Of("CARE-SOAP-4X100", 20_000),
        Of("CARE-TOOTHPASTE-200", 20_000),
        Of("FASH-SAREE-SILK", 1_500),
        Of("FASH-SHIRT-COTTON", 6_000),
        Of("FASH-SHOES-RUN", 4_000),
        Of("FASH-TSHIRT-COTTON", 15_000),
        Of("GROC-ATTA-10KG", 25_000),
        Of("GROC-BASMATI-5KG", 20_000),
        Of("GROC-GHEE-1L", 12_000),
        Of("GROC-TEA-500G", 18_000),
        Of("GROC-TOOR-1KG", 30_000),
        Of("GROC-TURMERIC-200G", 30_000),
        Of("HOME-COOKER-5L", 3_000),
        Of("HOME-FAN-1200", 2_500),
        Of("HOME-FRIDGE-260L", 600),
        Of("HOME-LED-9W", 40_000),
        Of("HOME-MIXER-750W", 2_000),
        Of("HOME-WASHER-7KG", 500),
        Of("OFFICE-NOTEBOOK-6", 15_000),
        Of("OFFICE-PEN-10", 15_000),
        Of("SPORT-BAT-KASHMIR", 2_000),
        Of("TECH-EARPHONES", 9_000),
        Of("TECH-LAPTOP-14", 800),
        Of("TECH-PHONE-5G", 5_000),
        Of("TECH-POWERBANK-20", 7_000),
        Of("TECH-TV-43", 900),
    ];

    private static StockLevel Of(string sku, int available) => new(sku, available, Version: 1);
}
