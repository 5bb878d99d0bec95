using System.Buffers.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Errors;

namespace LocalCluster.Api;

/// <summary>Where a page of a list ended.</summary>
/// <param name="Revision">Revision of the list; null to go on with what is current.</param>
/// <param name="Last">Last object that was sent.</param>
internal sealed record ContinueToken(long? Revision, ObjectKey Last)
{
    /// <summary>Reads a token.</summary>
    /// <exception cref="StatusException">400: this server did not make it.</exception>
    public static ContinueToken Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ContinueToken>(Base64Url.DecodeFromChars(text)) ?? throw new FormatException();
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw StatusErrors.BadRequest($"continue key is not valid: {text}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));
}
