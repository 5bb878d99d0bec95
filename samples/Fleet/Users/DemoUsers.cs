using Fleet.Geography;
using Fleet.PersonalData;

namespace Fleet.Users;

/// <summary>
/// Invented customers of Mumbai, the same in every instance: state is per instance, and with them an order can be placed through any
/// replica.
/// </summary>
internal static class DemoUsers
{
    private static readonly DateTimeOffset Since = new(2024, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<User> All { get; } =
    [
        At(1001, "Asha Kulkarni", "Shivaji Park, Dadar West", "Mumbai", "400028", 19.0269, 72.8381),
        At(1002, "Imran Shaikh", "Hill Road, Bandra West", "Mumbai", "400050", 19.0544, 72.8321),
        At(1003, "Meera Iyer", "Matunga East", "Mumbai", "400019", 19.0270, 72.8553),
        At(1004, "Rohan D'Souza", "Orlem, Malad West", "Mumbai", "400064", 19.1934, 72.8361),
        At(1005, "Farida Irani", "Dadar Parsi Colony", "Mumbai", "400014", 19.0195, 72.8525),
        At(1006, "Vikram Patil", "Lokhandwala, Andheri West", "Mumbai", "400053", 19.1405, 72.8242),
        At(1007, "Sneha Gawde", "IC Colony, Borivali West", "Mumbai", "400103", 19.2497, 72.8499),
        At(1008, "Harpreet Kaur", "Sion Koliwada", "Mumbai", "400037", 19.0330, 72.8680),
        At(1009, "Arjun Menon", "Hiranandani Gardens, Powai", "Mumbai", "400076", 19.1176, 72.9060),
        At(1010, "Pooja Shah", "Tilak Road, Ghatkopar East", "Mumbai", "400077", 19.0790, 72.9090),
        At(1011, "Sameer Khan", "Colaba Causeway", "Mumbai", "400005", 18.9220, 72.8320),
        At(1012, "Lakshmi Nair", "Sector 17, Vashi", "Navi Mumbai", "400703", 19.0728, 72.9989),
        At(1013, "Ganesh Jadhav", "Naupada", "Thane", "400602", 19.1890, 72.9710),
        At(1014, "Nandini Rao", "Palm Beach Road, Nerul", "Navi Mumbai", "400706", 19.0330, 73.0170),
        At(1015, "Yusuf Merchant", "Mohammed Ali Road", "Mumbai", "400003", 18.9535, 72.8330),
        At(1016, "Kavita Joshi", "Ghodbunder Road", "Thane", "400607", 19.2480, 72.9780),
    ];

    private static User At(int number, string name, string line, string city, string pinCode, double latitude, double longitude) => new()
    {
        Id = $"u-{number}",
        Name = name,
        Mobile = Mobile.Parse($"900000{number}"),
        Email = new Email($"{name.Split(' ')[0].ToLowerInvariant()}@example.com"),
        Address = new PostalAddress(line, city, pinCode, new Place { Latitude = latitude, Longitude = longitude }),
        RegisteredAt = Since,
    };
}
