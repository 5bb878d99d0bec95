namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>Something that whoever owns the database can do to it.</summary>
/// <param name="What">In words, for the documentation: somebody …</param>
/// <param name="FoundBy">Everybody who notices; nobody else does.</param>
/// <param name="Do">Does it.</param>
internal sealed record Tamper(string What, Detectors FoundBy, Action<TamperedDatabase, TamperedLogs> Do);

/// <summary>
/// What can be done to a log's database, and who notices. The documentation shows this table (<c>docs/operations/audit.md</c>). The log is that of
/// <see cref="TamperedLogs"/>: entries 256 to 511 lie in a whole tile, those after it in the last, partial one.
/// </summary>
internal static class TamperCatalogue
{
    private const Detectors Checks = Detectors.RunningProcess | Detectors.SelfCheck;
    private const Detectors Outside = Detectors.OlderCheckpoint | Detectors.Witness;

    public static IReadOnlyList<Tamper> All { get; } =
    [
        new("edits an entry", Checks | Detectors.Verifier, static (database, _) => database.Edit(400, "service-", "servicf-")),
        new("edits an entry and the hash stored beside it", Checks | Detectors.Verifier, static (database, _) => database.Edit(400, "service-", "servicf-", withLeaf: true)),
        new("edits a new entry, its hash and the recorded root", Checks | Detectors.NextStart | Detectors.Verifier | Detectors.OlderCheckpoint, static (database, _) =>
        {
            database.Edit(600, "service-", "servicf-", withLeaf: true);
            database.SetHead(TamperedLogs.Size);
        }),
        new("edits only the hash stored beside an entry", Checks, static (database, _) => database.Run("UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE idx = 401) WHERE idx = 400")),
        new("makes the index of events lead elsewhere", Checks, static (database, _) => database.Run("UPDATE event SET idx = 401 WHERE idx = 400")),
        new("removes an event from the index, so that it can be recorded twice", Checks, static (database, _) => database.Run("DELETE FROM event WHERE idx = 400")),
        new("deletes an entry", Checks | Detectors.Verifier, static (database, _) => database.Run("DELETE FROM entry WHERE idx = 400")),
        new("deletes one of the newest entries", Detectors.RunningProcess | Detectors.NextStart, static (database, _) => database.Run("DELETE FROM entry WHERE idx = 600")),
        new("swaps two entries", Checks | Detectors.Verifier, static (database, _) =>
        {
            var (one, other) = (database.Entry(300), database.Entry(400));
            database.Run("UPDATE entry SET bytes = $1 WHERE idx = 400", one);
            database.Run("UPDATE entry SET bytes = $1 WHERE idx = 300", other);
        }),
        new("adds an entry after the newest", Checks | Detectors.NextStart, static (database, _) =>
            database.Run("INSERT INTO entry(idx, leaf, bytes) SELECT $1, leaf, bytes FROM entry WHERE idx = 600", TamperedLogs.Size)),
        new("puts an entry where some were pruned", Checks | Detectors.Verifier, static (database, _) => database.Run("INSERT INTO entry(idx, leaf, bytes) SELECT 5, leaf, bytes FROM entry WHERE idx = 600")),
        new("cuts off the newest entries", Detectors.RunningProcess | Detectors.NextStart, static (database, _) => database.Run("DELETE FROM entry WHERE idx >= 660")),
        new("cuts off the newest entries and sets the log back to that size", Detectors.RunningProcess | Detectors.NextStart, static (database, _) => database.CutOff(660)),
        new("cuts off the newest entries, and the checkpoints over them", Detectors.RunningProcess | Detectors.Witness, static (database, _) =>
        {
            database.CutOff(660);
            database.Run("DELETE FROM checkpoint WHERE size > 660");
        }),
        new("puts back an old copy of the database", Detectors.RunningProcess | Detectors.Witness, static (database, logs) => database.ReplaceBy(logs.OldCopy)),
        new("writes the log anew from after the auditor's checkpoint on, and signs it with the stolen key", Detectors.RunningProcess | Detectors.Witness, static (database, logs) => database.ReplaceBy(logs.Fork)),
        new("writes the whole log anew and signs it with the stolen key", Detectors.RunningProcess | Outside, static (database, logs) => database.ReplaceBy(logs.Rewritten)),
        new("rewrites entries that no checkpoint covers yet", Detectors.RunningProcess, static (database, _) =>
        {
            database.Edit(710, "service-", "servicf-", withLeaf: true);
            database.SetHead(TamperedLogs.Size);
        }),
        new("removes the newest checkpoints (the log signs what it has again)", Detectors.None, static (database, _) => database.Run("DELETE FROM checkpoint WHERE size > 501")),
        new("changes the root kept beside a checkpoint", Checks, static (database, _) => database.Run("UPDATE checkpoint SET root = (SELECT root FROM checkpoint WHERE size = 300) WHERE size = 500")),
        new("changes what a checkpoint says", Checks | Detectors.NextStart | Detectors.Verifier, static (database, _) =>
            database.Run($"UPDATE checkpoint SET note = replace(note, '{TamperedLogs.Signed}', '{TamperedLogs.Signed - 1}') WHERE size = {TamperedLogs.Signed}")),
        new("changes the recorded root of the log", Detectors.RunningProcess | Detectors.NextStart, static (database, _) => database.Run("UPDATE head SET root = (SELECT root FROM checkpoint WHERE size = 300)")),
        new("changes a tile of the tree", Checks | Detectors.NextStart | Detectors.Verifier | Detectors.OlderCheckpoint, static (database, _) =>
            database.Run("UPDATE tile SET hashes = (SELECT hashes FROM tile WHERE level = 0 AND idx = 0) WHERE level = 0 AND idx = 1")),
        new("removes a tile of the tree", Checks | Detectors.NextStart | Detectors.Verifier, static (database, _) => database.Run("DELETE FROM tile WHERE level = 0 AND idx = 1")),
        new("removes entries as if they had been pruned", Checks | Detectors.Verifier, static (database, _) =>
        {
            database.Run("DELETE FROM entry WHERE idx < 512");
            database.Run("DELETE FROM event WHERE idx < 512");
            database.Run("INSERT INTO prune(until, certificate) VALUES(512, 500)");
        }),
        new("edits a prune certificate to cover what it does not, and removes that", Checks | Detectors.Verifier, static (database, _) =>
        {
            database.Edit(TamperedLogs.Certificate, "\"end\":256", "\"end\":512", withLeaf: true);
            database.Run("DELETE FROM entry WHERE idx < 500");
            database.Run("INSERT INTO prune(until, certificate) VALUES(512, 500)");
        }),
        new("makes the log forget that it was pruned", Detectors.SelfCheck, static (database, _) => database.Run("DELETE FROM prune")),
        new("removes the triggers", Detectors.RunningProcess | Detectors.NextStart, static (database, _) => database.HidesItself = false),
    ];
}
