using Compliance.Audit.Sequencing;
using Npgsql;
using NpgsqlTypes;

namespace ControlPlane.Api.Audit.Storage.Postgres;

/// <summary>Writes the rows of a batch by COPY, which takes one round trip for all of them.</summary>
internal static class PostgresCopy
{
    public static Task EventsAsync(NpgsqlConnection connection, LogBatch batch, CancellationToken cancellationToken) => CopyAsync(
        connection,
        "COPY audit.event(id, idx) FROM STDIN (FORMAT BINARY)",
        batch.Entries.Count,
        async (rows, i) =>
        {
            await rows.WriteAsync(batch.Entries[i].EventId, NpgsqlDbType.Uuid, cancellationToken);
            await rows.WriteAsync(batch.First + i, NpgsqlDbType.Bigint, cancellationToken);
        },
        cancellationToken);

    public static Task EntriesAsync(NpgsqlConnection connection, LogBatch batch, CancellationToken cancellationToken) => CopyAsync(
        connection,
        "COPY audit.entry(idx, leaf, bytes) FROM STDIN (FORMAT BINARY)",
        batch.Entries.Count,
        async (rows, i) =>
        {
            await rows.WriteAsync(batch.First + i, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(batch.Entries[i].Leaf.Bytes.ToArray(), NpgsqlDbType.Bytea, cancellationToken);
            await rows.WriteAsync(batch.Entries[i].Bytes, NpgsqlDbType.Bytea, cancellationToken);
        },
        cancellationToken);

    public static Task PostingsAsync(NpgsqlConnection connection, LogBatch batch, CancellationToken cancellationToken) => CopyAsync(
        connection,
        "COPY audit.posting(segment, term, distances) FROM STDIN (FORMAT BINARY)",
        batch.Postings.Count,
        async (rows, i) =>
        {
            await rows.WriteAsync(batch.Postings[i].Segment, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(batch.Postings[i].Term, NpgsqlDbType.Bigint, cancellationToken);
            await rows.WriteAsync(batch.Postings[i].Distances, NpgsqlDbType.Bytea, cancellationToken);
        },
        cancellationToken);

    private static async Task CopyAsync(NpgsqlConnection connection, string sql, int count, Func<NpgsqlBinaryImporter, int, Task> write, CancellationToken cancellationToken)
    {
        if (count == 0)
        {
            return;
        }

        await using var rows = await connection.BeginBinaryImportAsync(sql, cancellationToken);
        for (var i = 0; i < count; i++)
        {
            await rows.StartRowAsync(cancellationToken);
            await write(rows, i);
        }

        await rows.CompleteAsync(cancellationToken);
    }
}
