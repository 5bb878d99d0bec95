using System.Text.RegularExpressions;

namespace LocalCluster.Schemas.Validation;

/// <summary>Numbers whose last digit checks the others. Only their first pattern and the sum are looked at, not who issued them.</summary>
internal static class CheckDigits
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    private static readonly Regex SpacesAndDashes = new(@"[\s-]+", Options);
    private static readonly Regex NoDigits = new("[^0-9]+", Options);
    private static readonly Regex Isbn10 = new(@"^[0-9]{9}[0-9X]\z", Options);
    private static readonly Regex Isbn13 = new(@"^[0-9]{13}\z", Options);

    private static readonly Regex CreditCard = new(
        "^(4[0-9]{12}([0-9]{3})?|5[1-5][0-9]{14}|6(011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(0[0-5]|[68][0-9])[0-9]{11}|" +
        @"(2131|1800|35[0-9]{3})[0-9]{11})\z",
        Options);

    /// <summary>An ISBN of ten digits, of which the last may be X (ISO 2108).</summary>
    public static bool IsIsbn10(string text)
    {
        var digits = SpacesAndDashes.Replace(text, "");
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (i + 1) * (digits[i] == 'X' ? 10 : digits[i] - '0');
        }

        return Isbn10.IsMatch(digits) && sum % 11 == 0;
    }

    /// <summary>An ISBN of thirteen digits (ISO 2108).</summary>
    public static bool IsIsbn13(string text)
    {
        var digits = SpacesAndDashes.Replace(text, "");
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (i % 2 == 0 ? 1 : 3) * (digits[i] - '0');
        }

        return Isbn13.IsMatch(digits) && sum % 10 == 0;
    }

    /// <summary>The number of a payment card, with anything between its digits (ISO/IEC 7812-1, Luhn's check digit).</summary>
    public static bool IsCreditCard(string text)
    {
        var digits = NoDigits.Replace(text, "");
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var weighted = i % 2 == 0 ? digit : 2 * digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return CreditCard.IsMatch(digits) && sum % 10 == 0;
    }
}
