namespace Operators.Onboarding.Calls;

/// <summary>An engine of databases or queues, and how configurations speak of it.</summary>
/// <param name="Name">Name, as declarations have it.</param>
/// <param name="Port">Its own port.</param>
/// <param name="Words">Words in the names of variables, and schemes of URLs, that mean it.</param>
internal sealed record DatastoreEngine(string Name, int Port, params IReadOnlyList<string> Words)
{
    private static readonly IReadOnlyList<DatastoreEngine> Known =
    [
        new("PostgreSQL", 5432, "POSTGRES", "POSTGRESQL", "PG", "PGSQL"),
        new("MySQL", 3306, "MYSQL", "MARIADB"),
        new("MongoDB", 27017, "MONGO", "MONGODB"),
        new("Redis", 6379, "REDIS", "REDISS", "VALKEY"),
        new("Kafka", 9092, "KAFKA"),
        new("RabbitMQ", 5672, "RABBITMQ", "AMQP"),
        new("Elasticsearch", 9200, "ELASTICSEARCH", "ELASTIC", "OPENSEARCH"),
        new("Cassandra", 9042, "CASSANDRA"),
        new("Memcached", 11211, "MEMCACHED", "MEMCACHE"),
        new("NATS", 4222, "NATS"),
        new("SQL Server", 1433, "SQLSERVER", "MSSQL"),
    ];

    /// <summary>Words that mean some database, without saying which.</summary>
    private static readonly string[] AnyDatabase = ["DB", "DATABASE", "DATASOURCE", "CACHE", "QUEUE", "BROKER"];

    /// <summary>The engine that a variable and what it points to speak of; null when they do not speak of one.</summary>
    public static DatastoreEngine? Find(string variable, string? scheme, int? port)
    {
        var words = variable.Split('_', '.', '-');
        return Known.FirstOrDefault(engine => scheme is not null && engine.Words.Contains(scheme, StringComparer.OrdinalIgnoreCase))
            ?? Known.FirstOrDefault(engine => words.Intersect(engine.Words, StringComparer.OrdinalIgnoreCase).Any())
            ?? (words.Intersect(AnyDatabase, StringComparer.OrdinalIgnoreCase).Any() ? Known.FirstOrDefault(engine => engine.Port == port) : null);
    }
}
