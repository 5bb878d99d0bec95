namespace ControlPlane.Api.Audit.Health;

/// <summary>What a log like this one shows and what it does not, in plain words. Nobody should trust it for more than it can do.</summary>
internal static class Protections
{
    /// <summary>The attacks, with and without a witness that cosigned lately.</summary>
    public static IReadOnlyList<Protection> Of(bool isWitnessed) =>
    [
        new(true, "Somebody edits, removes or reorders entries in the database", "The entries no longer fit the tree that the checkpoint is signed over. The self-check finds it by itself, a verifier in any export."),
        isWitnessed
            ? new(true, "The operator cuts off the newest entries", "The witness remembers how long the log was, and cosigns nothing shorter.")
            : new(null, "The operator cuts off the newest entries", "It shows to whoever holds a newer checkpoint than the log then has: keep one outside, or run a witness."),
        isWitnessed
            ? new(true, "Whoever holds the log's key writes the whole log anew and signs it", "The witness cosigns only what continues the log that it knows, and its key is not the operator's.")
            : new(false, "Whoever holds the log's key writes the whole log anew and signs it", "Without a witness it shows only to an auditor who holds an older checkpoint. Run dabbawala-witness on a machine of somebody else."),
        isWitnessed
            ? new(true, "Two auditors are shown two different logs", "The witness cosigns one of them only.")
            : new(false, "Two auditors are shown two different logs", "It shows only when they compare their checkpoints. A witness cosigns one of them only."),
        new(null, "Entries are changed before the next checkpoint is signed", "They are in no signed tree yet. That is why a checkpoint is signed every few seconds, and at least once a minute."),
        new(false, "Something is never sent to the log, or what is sent is not true", "No log can know. Sources that number their events show which ones are missing."),
    ];
}
