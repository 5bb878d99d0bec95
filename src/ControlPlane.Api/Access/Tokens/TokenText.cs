using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Api.Access.Tokens;

/// <summary>
/// How API tokens are written: <c>dbw_</c>, 43 random letters and digits (256 bits), and six that are a checksum of them. So leaked ones can be
/// found in source and logs by their look, and mistyped ones refused without a look into the store.
/// </summary>
internal static class TokenText
{
    public const string Prefix = "dbw_";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomLength = 43;
    private const int CheckLength = 6;

    public static string New()
    {
        var random = RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return $"{Prefix}{random}{Check(random)}";
    }

    /// <summary>True when it is written as one of ours; whether it is known is another question.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Prefix.Length + RandomLength + CheckLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && Check(text.AsSpan(Prefix.Length, RandomLength)) == text[^CheckLength..];

    private static string Check(ReadOnlySpan<char> random)
    {
        var sum = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(random.ToArray())));
        return string.Create(CheckLength, sum, static (letters, rest) =>
        {
            for (var i = letters.Length - 1; i >= 0; i--)
            {
                letters[i] = Alphabet[(int)(rest % (uint)Alphabet.Length)];
                rest /= (uint)Alphabet.Length;
            }
        });
    }
}
