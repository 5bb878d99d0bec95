using ControlPlane.Api.Tests.Audit.Storage;
using Microsoft.AspNetCore.Builder;
using Operators.Tests.Testing;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>Two replicas of the control plane as they are hosted, over one PostgreSQL database, one directory and one API server in memory. They start at once.</summary>
public sealed class TwoReplicas(PostgresServer server) : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("dabbawala-replicas-").FullName;
    private TestCluster? _cluster;
    private WebApplication[] _apps = [];

    /// <summary>Clients of the first admin, one for each replica.</summary>
    internal IReadOnlyList<HttpClient> Clients { get; private set; } = [];

    internal IServiceProvider Services(int replica) => _apps[replica].Services;

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.MissingBecause is not null)
        {
            return;
        }

        _cluster = await TestCluster.StartAsync();
        var connection = server.ConnectionString(await server.CreateDatabaseAsync());
        _apps = [.. Enumerable.Range(0, 2).Select(_ => ControlPlaneHost.BuildReplica(_cluster.Address, _data, connection))];
        await Task.WhenAll(_apps.Select(static app => app.StartAsync()));
        var token = (await File.ReadAllTextAsync(Path.Combine(_data, "admin.token"))).Trim();
        Clients =
        [
            .. _apps.Select(app =>
            {
                var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
                http.DefaultRequestHeaders.Authorization = new("Bearer", token);
                return http;
            }),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients)
        {
            client.Dispose();
        }

        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }
}
