using System.Diagnostics.Metrics;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Hosting;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Tests.Testing;

/// <summary>Builds the control plane as it is hosted, on a free port.</summary>
internal static class ControlPlaneHost
{
    public static WebApplication Build(
        Uri cluster,
        string dataDirectory,
        AccessOptions access,
        InMemoryAuditLog recorded,
        MemoryLog? read = null,
        ControlPlaneRoles roles = ControlPlaneRoles.All,
        IReadOnlyDictionary<string, string?>? policy = null,
        IMeterFactory? meters = null) => Build(
        cluster,
        new ControlPlaneOptions { ClusterName = "test", DataDirectory = dataDirectory, Access = access, Roles = roles },
        services => services.AddTestRecords(recorded, read ?? new MemoryLog(TimeProvider.System), Path.Combine(dataDirectory, "exports")),
        policy,
        meters);

    /// <summary>One of several that share a PostgreSQL database and a directory, with the log and all as it is in earnest.</summary>
    public static WebApplication BuildReplica(Uri cluster, string dataDirectory, string postgres) => Build(
        cluster,
        new ControlPlaneOptions
        {
            ClusterName = "test",
            DataDirectory = dataDirectory,
            PostgreSql = postgres,
            Access = new AccessOptions { Output = TextWriter.Null },
            LeaderLease = new ObjectKey("default", "dabbawala-operators"),
        },
        services => services.AddRecords(new RecordOptions { DataDirectory = dataDirectory, PostgreSql = postgres }),
        policy: null,
        meters: null);

    private static WebApplication Build(
        Uri cluster, ControlPlaneOptions options, Action<IServiceCollection> addRecords, IReadOnlyDictionary<string, string?>? policy, IMeterFactory? meters)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.Configuration.AddInMemoryCollection(policy ?? new Dictionary<string, string?>());
        if (meters is not null)
        {
            builder.Services.AddSingleton(meters);
        }

        addRecords(builder.Services);
        builder.Services.AddSingleton(provider => KubeConnection.Anonymous(cluster, provider.GetRequiredService<RuntimeMetrics>()));
        builder.Services.AddControlPlane(options);
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseAccess();
        app.UseTestCallers();
        app.MapControlPlane(app.Services.GetRequiredService<ControlPlaneOptions>());
        return app;
    }
}
