namespace Compliance.Audit.Sequencing;

/// <summary>Signs what the log is at a size.</summary>
public interface ICheckpointSigner
{
    /// <summary>Public key as verifiers take it (C2SP vkey): name of the log, and its key. A log goes under one key for ever.</summary>
    string Key { get; }

    /// <summary>A signed note (C2SP tlog-checkpoint) of a size and root. The signer may refuse what contradicts what it signed before.</summary>
    /// <param name="size">Entries.</param>
    /// <param name="root">Root over them.</param>
    /// <param name="at">When.</param>
    string Sign(long size, TreeHash root, DateTimeOffset at);
}
