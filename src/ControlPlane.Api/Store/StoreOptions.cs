namespace ControlPlane.Api.Store;

/// <summary>Where the control plane's own data is kept.</summary>
/// <param name="DataDirectory">Directory of all local state; made when missing.</param>
/// <param name="PostgreSql">Connection string of a PostgreSQL database; null for SQLite in the data directory. Holds a secret: it must not be logged.</param>
public sealed record StoreOptions(string DataDirectory, string? PostgreSql = null)
{
    /// <summary>The SQLite file.</summary>
    public string SqliteFile => Path.Combine(DataDirectory, "control.db");

    /// <summary>Never the connection string: records print all they hold.</summary>
    public override string ToString() => PostgreSql is null ? SqliteFile : "PostgreSQL";
}
