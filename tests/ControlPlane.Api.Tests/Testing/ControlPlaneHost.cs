using System.Diagnostics.Metrics;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Hosting;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
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
        IMeterFactory? meters = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.Configuration.AddInMemoryCollection(policy ?? new Dictionary<string, string?>());
        if (meters is not null)
        {
            builder.Services.AddSingleton(meters);
        }

        builder.Services.AddTestRecords(recorded, read ?? new MemoryLog(TimeProvider.System), Path.Combine(dataDirectory, "exports"));
        builder.Services.AddSingleton(provider => KubeConnection.Anonymous(cluster, provider.GetRequiredService<RuntimeMetrics>()));
        builder.Services.AddControlPlane(new ControlPlaneOptions { ClusterName = "test", DataDirectory = dataDirectory, Access = access, Roles = roles });
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseAccess();
        app.UseTestCallers();
        app.MapControlPlane(app.Services.GetRequiredService<ControlPlaneOptions>());
        return app;
    }
}
