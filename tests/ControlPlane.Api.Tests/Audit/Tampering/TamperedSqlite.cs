using ControlPlane.Api.Audit.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Tampering;

/// <summary>Who owns the file drops the triggers, and makes them again at the end.</summary>
internal sealed class TamperedSqlite : TamperedDatabase
{
    private TamperedSqlite(SqliteConnection connection)
        : base(connection)
    {
        foreach (var trigger in SqliteReads.Guards(connection))
        {
            Run($"DROP TRIGGER {trigger}");
        }
    }

    public static TamperedSqlite Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        return new TamperedSqlite(connection);
    }

    public override void ReplaceBy(string log)
    {
        Run("ATTACH $1 AS other", log);
        foreach (var table in Tables)
        {
            Run($"DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM other.{table}");
        }

        Run("DETACH other");
    }

    protected override void LetGo()
    {
        if (HidesItself)
        {
            Run(SqliteSchema.Create);
        }
    }

    protected override string NameOf(int parameter) => $"${parameter}";
}
