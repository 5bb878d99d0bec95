namespace Fleet.PersonalData;

/// <summary>An Aadhaar number (UIDAI). As text it is masked the way UIDAI masks it: only the last four digits show.</summary>
internal sealed record Aadhaar
{
    private const int Digits = 12;

    // Verhoeff's scheme over the dihedral group D5: products of its elements, and the powers of the permutation 1576283094.
    private static readonly string[] Product =
    [
        "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
        "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
    ];

    private static readonly string[] Permutation =
    [
        "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
    ];

    private readonly string _number;

    private Aadhaar(string number) => _number = number;

    /// <summary>
    /// Reads twelve digits, in groups or not. Null when they are none that UIDAI gives out: they start with 2 to 9 and end in a check
    /// digit.
    /// </summary>
    public static Aadhaar? TryParse(string text)
    {
        var number = text.Replace(" ", "").Replace("-", "");
        return number.Length == Digits && number.All(char.IsAsciiDigit) && number[0] >= '2' && HasCheckDigit(number) ? new(number) : null;
    }

    /// <summary>The last four digits.</summary>
    public override string ToString() => "XXXX-XXXX-" + _number[^4..];

    private static bool HasCheckDigit(string number)
    {
        var check = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var digit = number[^(i + 1)] - '0';
            check = Product[check][Permutation[i % 8][digit] - '0'] - '0';
        }

        return check == 0;
    }
}
