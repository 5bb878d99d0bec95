using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Konscious.Security.Cryptography;

namespace ControlPlane.Api.Access.Passwords;

/// <summary>Cost of a password hash.</summary>
/// <param name="MemoryKiB">Memory, in KiB.</param>
/// <param name="Passes">Passes over the memory.</param>
/// <param name="Lanes">Lanes.</param>
public sealed record PasswordCost(int MemoryKiB, int Passes, int Lanes)
{
    /// <summary>Argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet.</summary>
    public static PasswordCost Default { get; } = new(19 * 1024, Passes: 2, Lanes: 1);
}

/// <summary>Argon2id (RFC 9106) in PHC notation: the hash says by itself how it was made.</summary>
internal static class PasswordHash
{
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>More is not believed of a stored hash: it would be a way to have us allocate whatever somebody wrote into the store.</summary>
    private const int MostMemoryKiB = 1024 * 1024;

    public static string Of(string password, PasswordCost cost)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={cost.MemoryKiB},t={cost.Passes},p={cost.Lanes}${Text(salt)}${Text(Derive(password, salt, cost, HashBytes))}");
    }

    /// <summary>True when the password is the one; compared in constant time.</summary>
    public static bool Verify(string password, string stored)
    {
        if (Parse(stored) is not { } parsed)
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(Derive(password, parsed.Salt, parsed.Cost, parsed.Hash.Length), parsed.Hash);
    }

    /// <summary>True when the hash was made at another cost than is asked for now, and is to be made anew once the password is known.</summary>
    public static bool IsOutdated(string stored, PasswordCost cost) => Parse(stored)?.Cost != cost;

    private static byte[] Derive(string password, byte[] salt, PasswordCost cost, int length)
    {
        using var argon2 = new Argon2id(Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)))
        {
            Salt = salt,
            MemorySize = cost.MemoryKiB,
            Iterations = cost.Passes,
            DegreeOfParallelism = cost.Lanes,
        };
        return argon2.GetBytes(length);
    }

    private static (PasswordCost Cost, byte[] Salt, byte[] Hash)? Parse(string stored)
    {
        if (stored.Split('$') is not ["", "argon2id", "v=19", var parameters, var salt, var hash] || parameters.Split(',') is not [var m, var t, var p])
        {
            return null;
        }

        return Number(m, "m=") is { } memory and <= MostMemoryKiB && Number(t, "t=") is { } passes && Number(p, "p=") is { } lanes
            && Bytes(salt) is { } saltBytes && Bytes(hash) is { Length: > 0 } hashBytes
            ? (new PasswordCost(memory, passes, lanes), saltBytes, hashBytes)
            : null;
    }

    private static int? Number(string text, string name) =>
        text.StartsWith(name, StringComparison.Ordinal) && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;

    /// <summary>PHC notation has no padding.</summary>
    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? Bytes(string text)
    {
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }
}
