using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Performance.Audit;

/// <summary>What the disk and SQLite do by themselves.</summary>
internal static class DiskRate
{
    /// <summary>Median time of a 4 KiB write with fsync, in place, as a write-ahead log does.</summary>
    public static double FsyncSeconds(string directory, int samples)
    {
        using var file = new FileStream(
            Path.Combine(directory, $"fsync-{Guid.NewGuid():N}"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0, Options = FileOptions.DeleteOnClose });
        var block = new byte[4096];
        file.Write(new byte[samples * block.Length]);
        file.Flush(flushToDisk: true);
        List<double> times = [];
        for (var i = 0; i < samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            file.Position = i * block.Length;
            file.Write(block);
            file.Flush(flushToDisk: true);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return times.Order().ElementAt(samples / 2);
    }

    /// <summary>Inserts the same bytes into a table of two columns, a transaction to a thousand, with the same durability.</summary>
    public static double BareInsertsPerSecond(string path, List<byte[]> entries, int count)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        using (var setup = connection.CreateCommand())
        {
            setup.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=8192; CREATE TABLE entry(idx INTEGER PRIMARY KEY, bytes BLOB NOT NULL)";
            setup.ExecuteNonQuery();
        }

        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO entry(bytes) VALUES($1)";
        var parameter = insert.Parameters.Add("$1", SqliteType.Blob);
        insert.Prepare();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i += entries.Count)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            foreach (var entry in entries)
            {
                parameter.Value = entry;
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return count / clock.Elapsed.TotalSeconds;
    }
}
