using System.Text.RegularExpressions;

namespace Fleet.PersonalData;

/// <summary>A Permanent Account Number of the Income Tax Department (never a card's). As text it is masked.</summary>
internal sealed partial record TaxPan
{
    private readonly string _number;

    private TaxPan(string number) => _number = number;

    /// <summary>Reads a number such as ABCPE1234F, whose fourth letter is the kind of holder. Null when it is none.</summary>
    public static TaxPan? TryParse(string text) => Format.IsMatch(text) ? new(text) : null;

    /// <summary>The four digits.</summary>
    public override string ToString() => $"XXXXX{_number[5..9]}X";

    [GeneratedRegex(@"\A[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Format { get; }
}
