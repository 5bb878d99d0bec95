using Compliance.Audit.Notes;

namespace ControlPlane.Api.Audit.Witnessing;

/// <summary>A witness that is asked to cosign our checkpoints.</summary>
/// <param name="Url">Where it takes requests: <c>add-checkpoint</c> lies under it.</param>
/// <param name="Key">Its public key, type 0x04.</param>
public sealed record WitnessAddress(Uri Url, NoteVerifier Key);
