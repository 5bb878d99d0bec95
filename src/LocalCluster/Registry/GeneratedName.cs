using System.Security.Cryptography;

namespace LocalCluster.Registry;

/// <summary>Names that the server makes from <c>metadata.generateName</c>.</summary>
internal static class GeneratedName
{
    private const int SuffixLength = 5;
    private const int LongestName = 63;

    // Without vowels and look-alikes, so that no word is made by accident.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>The beginning, cut so that the whole is a DNS label, and five random characters.</summary>
    public static string From(string beginning)
    {
        var kept = beginning.Length > LongestName - SuffixLength ? beginning[..(LongestName - SuffixLength)] : beginning;
        return kept + RandomNumberGenerator.GetString(Alphabet, SuffixLength);
    }
}
