using Compliance.Audit.Sequencing;
using Npgsql;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>Writes a batch within a transaction.</summary>
internal static class PostgresAppend
{
    /// <summary>
    /// The first statement settles the order: it takes the row of the head, and holds it until the transaction ends. Whoever wants it as well waits, and
    /// then finds another size. The news go out with the commit, and without a round trip of their own.
    /// </summary>
    private const string MoveHead =
        $"UPDATE audit.head SET size = $1, root = $2, recorded_at = $3 WHERE size = $4 RETURNING pg_notify('{PostgresNews.Channel}', $5)";

    /// <exception cref="LogMovedOnException">The log does not end where the batch begins.</exception>
    public static async Task RunAsync(NpgsqlConnection writer, LogBatch batch, string self, CancellationToken cancellationToken)
    {
        if (await writer.ExecuteAsync(MoveHead, cancellationToken, batch.Size, batch.Root.Bytes.ToArray(), batch.RecordedAt.ToUnixTimeMilliseconds(), batch.First, self) != 1)
        {
            throw new LogMovedOnException();
        }

        await PostgresCopy.EventsAsync(writer, batch, cancellationToken);
        await PostgresCopy.EntriesAsync(writer, batch, cancellationToken);
        await PostgresCopy.PostingsAsync(writer, batch, cancellationToken);
        foreach (var tile in batch.Tiles)
        {
            await writer.ExecuteAsync("INSERT INTO audit.tile(level, idx, hashes) VALUES($1, $2, $3)", cancellationToken, tile.Level, tile.Index, tile.Hashes);
        }

        foreach (var source in batch.Sources)
        {
            await writer.ExecuteAsync(
                "INSERT INTO audit.source(name, next, missing) VALUES($1, $2, $3) ON CONFLICT(name) DO UPDATE SET next = excluded.next, missing = excluded.missing",
                cancellationToken,
                source.Source,
                source.Next,
                SourceGaps.Write(source.Missing));
        }
    }
}
