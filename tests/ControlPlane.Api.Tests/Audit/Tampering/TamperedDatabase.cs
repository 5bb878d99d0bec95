using System.Data.Common;
using Compliance.Audit;
using Compliance.Audit.Tree;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>The database of a log in the hands of whoever owns it: no trigger stops him, and afterwards they are there as if nothing had been.</summary>
internal abstract class TamperedDatabase(DbConnection connection) : IDisposable
{
    /// <summary>Tables that make up a log.</summary>
    protected static readonly string[] Tables = ["entry", "event", "tile", "posting", "source", "checkpoint", "head", "prune"];

    /// <summary>False leaves the triggers away.</summary>
    public bool HidesItself { get; set; } = true;

    /// <summary>Puts another log in the place of this one, table by table.</summary>
    public abstract void ReplaceBy(string log);

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

    public void Dispose()
    {
        LetGo();
        connection.Dispose();
    }

    /// <summary>Puts the triggers back, unless they are to stay away.</summary>
    protected abstract void LetGo();

    /// <summary>How a statement calls a parameter, from 1 on.</summary>
    protected abstract string NameOf(int parameter);

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

    private DbCommand Command(string sql, params object[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own words
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (NameOf(i + 1), parameters[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
