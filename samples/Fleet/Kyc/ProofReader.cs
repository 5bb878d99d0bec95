using System.Text.RegularExpressions;
using Fleet.PersonalData;

namespace Fleet.Kyc;

/// <summary>Reads a proof down to what may be kept of it. What it masks it forgets.</summary>
internal static partial class ProofReader
{
    /// <summary>The masked form; null when the value is none of its kind.</summary>
    public static string? Mask(ProofKind kind, string value) => kind switch
    {
        ProofKind.Aadhaar => Aadhaar.TryParse(value)?.ToString(),
        ProofKind.Pan => TaxPan.TryParse(value)?.ToString(),
        _ => FileReference.IsMatch(value) ? "file on record" : null,
    };

    /// <summary>What a value of a kind looks like, for the one who sent another.</summary>
    public static string Expected(ProofKind kind) => kind switch
    {
        ProofKind.Aadhaar => "value must be an Aadhaar number: twelve digits, the last a check digit.",
        ProofKind.Pan => "value must be a PAN: five letters, four digits, a letter; the fourth letter is the kind of holder.",
        _ => "value must be the reference of an uploaded file: letters, digits, '.', '_', '-' and '/'.",
    };

    [GeneratedRegex(@"\A[A-Za-z0-9._/-]+\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex FileReference { get; }
}
