using System.Diagnostics;
using Npgsql;

[assembly: AssemblyFixture(typeof(ControlPlane.Api.Tests.Audit.Storage.PostgresServer))]

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>A real PostgreSQL server with an empty directory of its own, on a Unix socket. PostgreSQL refuses to run as root, so then another user runs it. One for all tests: each makes a database of its own.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly string? Binaries = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(static version => Path.Combine(version, "bin")).LastOrDefault(static bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private static readonly bool IsRoot = Environment.UserName == "root";

    private readonly string _directory = Directory.CreateTempSubdirectory("dabbawala-pg-").FullName;
    private Process? _server;
    private Task _draining = Task.CompletedTask;

    public static string? MissingBecause => Binaries is null
        ? "PostgreSQL is not installed (apt-get install postgresql)"
        : !IsRoot || File.Exists("/usr/sbin/runuser") ? null : "PostgreSQL does not run as root, and there is no runuser";

    public string ConnectionString(string database, string user = "postgres") => $"Host={_directory};Username={user};Database={database}";

    /// <param name="template">Database to copy, to which nobody is connected.</param>
    public async Task<string> CreateDatabaseAsync(string template = "template1")
    {
        var name = $"t{Guid.NewGuid():N}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString(database)};Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // the tests' own words
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until a question is answered with true; a minute at most, so that what never comes fails the test and does not hold up the rest.</summary>
    public async Task UntilAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString(database)};Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // the tests' own words
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await command.ExecuteScalarAsync(limit.Token) is not true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), limit.Token);
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (MissingBecause is not null)
        {
            return;
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory, (UnixFileMode)0b111_111_111); // the server's user is another one
        }

        var data = Path.Combine(_directory, "data");
        using (var init = Start("initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-D", data))
        {
            await init.StandardOutput.ReadToEndAsync();
            await init.WaitForExitAsync();
        }

        _server = Start("postgres", "-D", data, "-k", _directory, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200");
        while (await _server.StandardError.ReadLineAsync() is { } line && !line.Contains("ready to accept connections", StringComparison.Ordinal))
        {
        }

        _draining = _server.StandardError.ReadToEndAsync(); // a full pipe would stop the server
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            var pid = (await File.ReadAllLinesAsync(Path.Combine(_directory, "data", "postmaster.pid")))[0];
            using (var kill = Process.Start("kill", ["-INT", pid]))
            {
                await kill.WaitForExitAsync();
            }

            await _draining;
            await server.WaitForExitAsync();
            server.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static Process Start(string program, params string[] arguments)
    {
        string[] line = [Path.Combine(Binaries!, program), .. arguments];
        var start = IsRoot ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", .. line]) : new ProcessStartInfo(line[0], line[1..]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = program == "postgres";
        start.UseShellExecute = false;
        start.WorkingDirectory = "/";
        return Process.Start(start)!;
    }
}
