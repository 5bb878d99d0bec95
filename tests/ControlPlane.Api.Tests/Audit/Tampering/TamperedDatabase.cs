using Compliance.Audit;
using Compliance.Audit.Tree;
using ControlPlane.Api.Audit.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>The database of a log in the hands of whoever owns the file: without triggers, which are put back at the end as if nothing had been.</summary>
internal sealed class TamperedDatabase : IDisposable
{
    private readonly SqliteConnection _connection;

    public TamperedDatabase(string path)
    {
        _connection = new SqliteConnection($"Data Source={path};Pooling=false");
        _connection.Open();
        foreach (var trigger in SqliteReads.Guards(_connection))
        {
            Run($"DROP TRIGGER {trigger}");
        }
    }

    /// <summary>False leaves the triggers away.</summary>
    public bool HidesItself { get; set; } = true;

    public void Run(string sql, params object[] parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    public byte[] Entry(long index) => Blob("SELECT bytes FROM entry WHERE idx = $1", index);

    /// <summary>Changes an entry, and the hash beside it too when asked to.</summary>
    public void Edit(long index, string old, string changed, bool withLeaf = false)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(Entry(index)).Replace(old, changed, StringComparison.Ordinal));
        Run("UPDATE entry SET bytes = $1 WHERE idx = $2", bytes, index);
        if (withLeaf)
        {
            Run("UPDATE entry SET leaf = $1 WHERE idx = $2", TreeHash.OfLeaf(bytes).Bytes.ToArray(), index);
        }
    }

    /// <summary>Makes the head fit entries that were changed or cut off.</summary>
    public void SetHead(long size) => Run("UPDATE head SET size = $1, root = $2", size, RootOf(size).Bytes.ToArray());

    /// <summary>Removes all from an entry on, as if it had never been.</summary>
    public void CutOff(long size)
    {
        Run("DELETE FROM entry WHERE idx >= $1", size);
        Run("DELETE FROM event WHERE idx >= $1", size);
        SetHead(size);
    }

    /// <summary>Puts another log in the place of this one, table by table.</summary>
    public void ReplaceBy(string path)
    {
        Run("ATTACH $1 AS other", path);
        foreach (var table in (string[])["entry", "event", "tile", "posting", "source", "checkpoint", "head", "prune"])
        {
            Run($"DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM other.{table}");
        }

        Run("DETACH other");
    }

    public void Dispose()
    {
        if (HidesItself)
        {
            Run(SqliteSchema.Create);
        }

        _connection.Dispose();
    }

    private TreeHash RootOf(long size)
    {
        var tree = new TreeEdge();
        for (var leaf = 0L; leaf < size; leaf++)
        {
            tree.Append(
                leaf < size / TreeEdge.TileWidth * TreeEdge.TileWidth
                    ? TreeEdge.Split(Blob("SELECT hashes FROM tile WHERE level = 0 AND idx = $1", leaf / TreeEdge.TileWidth))[(int)(leaf % TreeEdge.TileWidth)]
                    : new TreeHash(Blob("SELECT leaf FROM entry WHERE idx = $1", leaf)),
                []);
        }

        return tree.Root();
    }

    private byte[] Blob(string sql, long key)
    {
        using var command = Command(sql, key);
        return (byte[])command.ExecuteScalar()!;
    }

    private SqliteCommand Command(string sql, params object[] parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own words
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        }

        return command;
    }
}
