using System.Text.RegularExpressions;

namespace ControlPlane.Api.Audit.Storage.Sqlite;

/// <summary>
/// Tables of a log in SQLite. Triggers refuse to change or remove what was recorded: a second wall only, since whoever owns the file can drop
/// them; what a direct edit did is found by the self-check and by every verifier.
/// </summary>
internal static partial class SqliteSchema
{
    /// <summary>Names of the triggers.</summary>
    public static IReadOnlyList<string> Guards { get; } = [.. TriggerName().Matches(Create).Select(static match => match.Groups["name"].Value)];

    public const string Create =
        """
        CREATE TABLE IF NOT EXISTS entry(idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS event(id BLOB PRIMARY KEY, idx INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS tile(level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY(level, idx));
        CREATE TABLE IF NOT EXISTS posting(segment INTEGER NOT NULL, term INTEGER NOT NULL, distances BLOB NOT NULL, PRIMARY KEY(segment, term)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS source(name TEXT PRIMARY KEY, next INTEGER NOT NULL, missing TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS checkpoint(size INTEGER PRIMARY KEY, root BLOB NOT NULL, at INTEGER NOT NULL, note TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS head(one INTEGER PRIMARY KEY CHECK(one = 1), size INTEGER NOT NULL, root BLOB NOT NULL, recorded_at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS prune(until INTEGER PRIMARY KEY, certificate INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS identity(one INTEGER PRIMARY KEY CHECK(one = 1), key TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS probe(one INTEGER PRIMARY KEY CHECK(one = 1), writes INTEGER NOT NULL DEFAULT 1);

        CREATE TRIGGER IF NOT EXISTS entry_is_final BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE DELETE ON entry WHEN NOT EXISTS (SELECT 1 FROM prune WHERE until > OLD.idx)
          BEGIN SELECT RAISE(ABORT, 'the audit log is append-only: no prune certificate covers this entry'); END;
        CREATE TRIGGER IF NOT EXISTS event_is_final BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS event_stays BEFORE DELETE ON event WHEN NOT EXISTS (SELECT 1 FROM prune WHERE until > OLD.idx)
          BEGIN SELECT RAISE(ABORT, 'the audit log is append-only: no prune certificate covers this event'); END;
        CREATE TRIGGER IF NOT EXISTS tile_is_final BEFORE UPDATE ON tile BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS tile_stays BEFORE DELETE ON tile BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS posting_is_final BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS posting_stays BEFORE DELETE ON posting WHEN NOT EXISTS (SELECT 1 FROM prune WHERE until >= (OLD.segment + 1) * 65536)
          BEGIN SELECT RAISE(ABORT, 'the audit log is append-only: no prune certificate covers this posting'); END;
        CREATE TRIGGER IF NOT EXISTS checkpoint_is_final BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS checkpoint_stays BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS head_stays BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS head_only_grows BEFORE UPDATE ON head WHEN NEW.size < OLD.size BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS source_stays BEFORE DELETE ON source BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS identity_is_final BEFORE UPDATE ON identity BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS identity_stays BEFORE DELETE ON identity BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS prune_is_final BEFORE UPDATE ON prune BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS prune_stays BEFORE DELETE ON prune BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS prune_is_certified BEFORE INSERT ON prune WHEN NOT EXISTS (
            SELECT 1 FROM entry WHERE idx = NEW.certificate
              AND json_extract(CAST(bytes AS TEXT), '$.action') = 'log.prune'
              AND json_extract(CAST(bytes AS TEXT), '$.details.end') = NEW.until
              AND NEW.until % 256 = 0 AND NEW.until <= NEW.certificate)
          BEGIN SELECT RAISE(ABORT, 'the audit log is append-only: that entry is no prune certificate for this range'); END;
        """;

    [GeneratedRegex(@"CREATE TRIGGER IF NOT EXISTS (?<name>\w+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TriggerName();
}
