namespace Compliance.Audit;

/// <summary>Takes events into the log. There is no way to change or remove what it took.</summary>
public interface IAuditLog
{
    /// <summary>
    /// Appends events in their order, all or none. When it returns they are on disk and in the tree: acknowledged entries survive kill -9.
    /// </summary>
    /// <returns>One receipt for each event; for an event whose id is in the log already, the receipt of the first time.</returns>
    /// <exception cref="AuditEventException">An event can't be recorded as it is; none was.</exception>
    /// <exception cref="AuditUnavailableException">The log takes nothing now (a full disk, a store that is away); what it took is safe.</exception>
    Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken);
}

/// <summary>Says where an event is in the log.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Index">Index of its entry, from 0.</param>
/// <param name="Leaf">Hash of the entry.</param>
/// <param name="IsDuplicate">True when the event was in the log already.</param>
public sealed record AuditReceipt(Guid EventId, long Index, TreeHash Leaf, bool IsDuplicate);

/// <summary>An event that can't be recorded as it is.</summary>
/// <param name="position">Which of the events, from 0.</param>
/// <param name="field">Field at fault, as in the entry's JSON.</param>
/// <param name="message">What is wrong with it.</param>
public sealed class AuditEventException(int position, string field, string message) : Exception(message)
{
    /// <summary>Which of the events, from 0.</summary>
    public int Position { get; } = position;

    /// <summary>Field at fault.</summary>
    public string Field { get; } = field;
}

/// <summary>The log takes nothing now. Whoever wanted to change something must not: no change without its record.</summary>
/// <param name="message">Why, and what would help.</param>
/// <param name="cause">What the store said.</param>
public sealed class AuditUnavailableException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>After how long another try makes sense; null when nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when nothing is wrong but that more comes than the log can take at once: whoever sends more slowly is served.</summary>
    public bool IsBusy { get; init; }

    /// <summary>True when the store holds something else than was recorded: to go on would sign that.</summary>
    public bool IsTampered { get; init; }
}
