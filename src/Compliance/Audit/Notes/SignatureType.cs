namespace Compliance.Audit.Notes;

/// <summary>Sorts of signatures under a note that this log makes and trusts (C2SP signed-note, "Signature types").</summary>
public enum SignatureType
{
    /// <summary>Ed25519 over the text: how a log signs its checkpoints.</summary>
    Ed25519 = 0x01,

    /// <summary>Timestamped Ed25519 cosignature: how a witness says that it saw the log grow to this checkpoint (C2SP tlog-cosignature).</summary>
    CosignatureV1 = 0x04,
}
