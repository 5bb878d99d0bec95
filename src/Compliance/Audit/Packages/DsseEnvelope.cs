using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Compliance.Audit.Notes;

namespace Compliance.Audit.Packages;

/// <summary>
/// A signed statement (DSSE v1.0.2): what is signed is the payload together with its type, byte for byte, so nothing needs to be brought into a
/// canonical form.
/// </summary>
internal sealed record DsseEnvelope(string PayloadType, byte[] Payload, string KeyId, byte[] Signature)
{
    /// <summary>Payload type of an in-toto statement.</summary>
    public const string InToto = "application/vnd.in-toto+json";

    public static DsseEnvelope Sign(string payloadType, byte[] payload, NoteSigner key) =>
        new(payloadType, payload, KeyIdOf(key.Verifier), key.SignBytes(PreAuthentication(payloadType, payload)));

    /// <summary>What is signed ("PAE"): no two pairs of type and payload give the same bytes.</summary>
    public static byte[] PreAuthentication(string payloadType, byte[] payload) =>
    [
        .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(payloadType)} {payloadType} {payload.Length} ")),
        .. payload,
    ];

    public bool IsSignedBy(NoteVerifier key) =>
        Signature.Length == 64 && KeyId == KeyIdOf(key) && key.Holds(PreAuthentication(PayloadType, Payload), Signature);

    /// <exception cref="FormatException">It is malformed.</exception>
    public static DsseEnvelope Read(byte[] json)
    {
        try
        {
            var envelope = JsonNode.Parse(json)!;
            var signature = envelope["signatures"]!.AsArray() is [{ } only] ? only : throw new FormatException("the envelope has one signature");
            return new DsseEnvelope(
                envelope["payloadType"]!.GetValue<string>(), Bytes(envelope["payload"]!), signature["keyid"]!.GetValue<string>(), Bytes(signature["sig"]!));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new FormatException($"{PackageLayout.Envelope} is not a DSSE envelope", malformed);
        }
    }

    public byte[] Write()
    {
        var envelope = new JsonObject
        {
            ["payloadType"] = PayloadType,
            ["payload"] = Convert.ToBase64String(Payload),
            ["signatures"] = new JsonArray(new JsonObject { ["keyid"] = KeyId, ["sig"] = Convert.ToBase64String(Signature) }),
        };
        return [.. Encoding.UTF8.GetBytes(envelope.ToJsonString()), (byte)'\n'];
    }

    private static byte[] Bytes(JsonNode text) => StrictBase64.Decode(text.GetValue<string>()) ?? throw new FormatException($"{PackageLayout.Envelope} is not base64");

    private static string KeyIdOf(NoteVerifier key) => string.Create(CultureInfo.InvariantCulture, $"{key.Name}+{key.KeyId:x8}");
}
