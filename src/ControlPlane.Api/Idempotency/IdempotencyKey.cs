using System.Security.Cryptography;
using System.Text;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Idempotency;

/// <summary>The header Idempotency-Key (IETF draft-ietf-httpapi-idempotency-key-header), and what it stands for.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>Longest key, in characters.</summary>
    public const int Longest = 128;

    private static ReadOnlySpan<byte> Separator => [0];

    /// <summary>The key of a request; null when it has none. The draft writes it as a quoted string; without quotes it is taken, too.</summary>
    /// <exception cref="RequestException">It is no key.</exception>
    public static string? Of(HttpRequest request) => request.Headers[Header].ToString().Trim('"') switch
    {
        "" => null,
        { Length: <= Longest } key when key.All(letter => letter is > ' ' and <= '~') => key,
        _ => throw RequestException.BadParameter(Header, $"a key is 1 to {Longest} visible ASCII characters, such as a UUID"),
    };

    /// <summary>Hash of all that decides what a request does. The body can be read again afterwards.</summary>
    public static async Task<string> HashAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (string[])[request.Method, request.Path, request.QueryString.ToString(), request.ContentType ?? "", request.Headers.IfMatch.ToString()])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData(Separator);
        }

        request.EnableBuffering();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
        }

        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
