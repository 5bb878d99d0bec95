using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Hosting.Input;

namespace Fleet.Kyc;

/// <summary>What a customer proves who they are with.</summary>
internal enum ProofKind
{
    /// <summary>Aadhaar number.</summary>
    Aadhaar,

    /// <summary>Permanent Account Number.</summary>
    Pan,

    /// <summary>A document that shows the address.</summary>
    Address,

    /// <summary>A photograph.</summary>
    Photo,
}

/// <summary>How well a customer is known.</summary>
internal enum KycLevel
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>One number of identity.</summary>
    Minimum,

    /// <summary>Every proof.</summary>
    Full,
}

/// <summary>A proof.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SubmitProof : IInput
{
    /// <summary>The Aadhaar or PAN; for an address or a photo the reference of the uploaded file. Only its masked form is kept.</summary>
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string Value { get; set; } = "";
}

/// <summary>A proof that was accepted.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Masked">What may be shown of it.</param>
/// <param name="AcceptedAt">When (UTC).</param>
internal sealed record Proof(ProofKind Kind, string Masked, DateTimeOffset AcceptedAt);

/// <summary>How well a customer is known, and what follows from it.</summary>
/// <param name="UserId">Id of the customer.</param>
/// <param name="Level">How well.</param>
/// <param name="Proofs">What was accepted.</param>
/// <param name="Missing">What full KYC still needs.</param>
/// <param name="Limits">What the customer may pay; null for a customer who is not known.</param>
internal sealed record KycReply(
    string UserId, KycLevel Level, IReadOnlyList<Proof> Proofs, IReadOnlyList<ProofKind> Missing, KycLimits? Limits);

/// <summary>The part of a customer that is used here.</summary>
internal sealed record Customer(string Id);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SubmitProof))]
[JsonSerializable(typeof(KycReply))]
[JsonSerializable(typeof(Customer))]
internal sealed partial class KycJson : JsonSerializerContext;
