namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>Who can notice that the database of a log was changed past it.</summary>
[Flags]
public enum Detectors
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>A process that ran all the time, by its self-check or because it closes the log: it has the end of the tree in memory.</summary>
    RunningProcess = 1,

    /// <summary>The next start: it raises an alarm, or keeps the log closed.</summary>
    NextStart = 2,

    /// <summary>The self-check after that.</summary>
    SelfCheck = 4,

    /// <summary><c>dabbawala-verify</c> on an export of the changed log, with nothing but the log's key.</summary>
    Verifier = 8,

    /// <summary>The same, with a checkpoint that the auditor kept from before.</summary>
    OlderCheckpoint = 16,

    /// <summary>A witness that cosigned the newest checkpoint.</summary>
    Witness = 32,
}
