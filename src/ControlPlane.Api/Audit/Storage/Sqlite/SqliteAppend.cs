using Compliance.Audit.Sequencing;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Audit.Storage.Sqlite;

/// <summary>Inserts batches. Its statements are prepared once.</summary>
internal sealed class SqliteAppend(SqliteConnection connection) : IDisposable
{
    private const int Constraint = 19;

    private readonly SqliteStatement _entry = new(connection, "INSERT INTO entry(idx, leaf, bytes) VALUES(?1, ?2, ?3)");
    private readonly SqliteStatement _event = new(connection, "INSERT INTO event(id, idx) VALUES(?1, ?2)");
    private readonly SqliteStatement _tile = new(connection, "INSERT INTO tile(level, idx, hashes) VALUES(?1, ?2, ?3)");
    private readonly SqliteStatement _posting = new(connection, "INSERT INTO posting(segment, term, distances) VALUES(?1, ?2, ?3)");
    private readonly SqliteStatement _source = new(
        connection, "INSERT INTO source(name, next, missing) VALUES(?1, ?2, ?3) ON CONFLICT(name) DO UPDATE SET next = excluded.next, missing = excluded.missing");

    private readonly SqliteStatement _head = new(
        connection,
        "INSERT INTO head(one, size, root, recorded_at) VALUES(1, ?1, ?2, ?3) ON CONFLICT(one) DO UPDATE SET size = excluded.size, root = excluded.root, recorded_at = excluded.recorded_at");

    /// <exception cref="DuplicateEventException">An event of it is stored already.</exception>
    public void Run(LogBatch batch)
    {
        InsertEvents(batch);
        for (var i = 0; i < batch.Entries.Count; i++)
        {
            _entry.Bind(1, batch.First + i).Bind(2, batch.Entries[i].Leaf.Bytes).Bind(3, batch.Entries[i].Bytes).Run();
        }

        foreach (var tile in batch.Tiles)
        {
            _tile.Bind(1, tile.Level).Bind(2, tile.Index).Bind(3, tile.Hashes).Run();
        }

        foreach (var posting in batch.Postings)
        {
            _posting.Bind(1, posting.Segment).Bind(2, posting.Term).Bind(3, posting.Distances).Run();
        }

        foreach (var source in batch.Sources)
        {
            _source.BindText(1, source.Source).Bind(2, source.Next).BindText(3, SourceGaps.Write(source.Missing)).Run();
        }

        _head.Bind(1, batch.Size).Bind(2, batch.Root.Bytes).Bind(3, batch.RecordedAt.ToUnixTimeMilliseconds()).Run();
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_entry, _event, _tile, _posting, _source, _head])
        {
            statement.Dispose();
        }
    }

    private void InsertEvents(LogBatch batch)
    {
        Span<byte> id = stackalloc byte[16];
        try
        {
            for (var i = 0; i < batch.Entries.Count; i++)
            {
                batch.Entries[i].EventId.TryWriteBytes(id, bigEndian: true, out _); // so that ids of version 7 sort by time
                _event.Bind(1, id).Bind(2, batch.First + i).Run();
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Constraint)
        {
            throw new DuplicateEventException();
        }
    }
}
