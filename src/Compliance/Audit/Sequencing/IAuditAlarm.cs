namespace Compliance.Audit.Sequencing;

/// <summary>Told when something is wrong with the log itself.</summary>
public interface IAuditAlarm
{
    /// <summary>Something is wrong. Called again for each new occurrence; must not throw and not block.</summary>
    /// <param name="kind">What sort.</param>
    /// <param name="message">What, for people; without personal data.</param>
    void Raise(AuditAlarmKind kind, string message);
}

/// <summary>What can be wrong with a log.</summary>
public enum AuditAlarmKind
{
    /// <summary>It takes no events.</summary>
    Closed,

    /// <summary>No checkpoint could be signed or stored for too long.</summary>
    CheckpointStalled,

    /// <summary>What is stored is not what was recorded: somebody changed it past the log.</summary>
    Tampered,

    /// <summary>A source skipped numbers: events of it are missing.</summary>
    SourceGap,

    /// <summary>A source used a number twice for different events.</summary>
    SourceRepeats,

    /// <summary>The machine's clock went back.</summary>
    ClockWentBack,
}
