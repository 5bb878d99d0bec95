using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Fleet.Hosting;
using Fleet.Hosting.Calls;
using Fleet.Hosting.Events;
using Fleet.Hosting.Faults;
using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Input;
using Fleet.Hosting.Logging;
using Fleet.Hosting.Metrics;
using Fleet.Hosting.Problems;
using Fleet.Hosting.Readiness;
using Fleet.Hosting.Stores;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet;

/// <summary>Makes instances of services. Instances in one process share nothing that changes.</summary>
public static partial class FleetHost
{
    private const long MaxRequestBytes = 64 * 1024;

    // The baseline's grace period is 45 s, of which 15 s pass before the stop; the rest is for requests that still run.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Makes an instance, not yet started. The caller starts, stops and disposes it; a stop takes no new connection and lets running
    /// requests finish. <see cref="WebApplication.Urls"/> has the bound addresses once it has started.
    /// </summary>
    /// <exception cref="ArgumentException">The instance has no address to listen on, or a variable of its environment is wrong.</exception>
    public static WebApplication Build(FleetService service, FleetInstance instance)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(instance);
        if (instance.Listen.Count == 0)
        {
            throw new ArgumentException("Listen names no address.", nameof(instance));
        }

        // The empty builder reads neither the process's environment nor files, which many instances would share.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Fleet" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, instance));
        AddHosting(builder.Services, service, instance);
        AddLogging(builder, service, instance);
        service.AddState(builder.Services);

        var app = builder.Build();
        // Made now rather than at the first scrape: what was measured before its listener is there would be lost.
        _ = app.Services.GetRequiredService<MetricRegistry>();
        _ = app.Services.GetRequiredService<BuildInfo>();
        app.UseMiddleware<RequestTelemetry>();
        app.UseStatusCodePages();
        app.UseMiddleware<ProblemResponses>();
        app.UseMiddleware<FaultInjection>();
        app.MapPlatform();
        var logger = app.Services.GetRequiredService<ILogger<FleetService>>();
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var addresses = string.Join(", ", app.Urls);
            LogStarted(logger, addresses);
        });
        app.Lifetime.ApplicationStopping.Register(() => LogStopping(logger));
        service.MapApi(app.MapGroup("").AddEndpointFilter(ActivatorUtilities.CreateInstance<InputValidation>(app.Services)));
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, FleetInstance instance)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        foreach (var endpoint in instance.Listen)
        {
            kestrel.Listen(endpoint);
        }
    }

    private static void AddHosting(IServiceCollection services, FleetService service, FleetInstance instance)
    {
        services.AddSingleton(service);
        services.AddSingleton(instance);
        services.AddSingleton(instance.Time);
        services.AddSingleton<CurrentRequest>();
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DetachedLifetime>());
        services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTimeout);

        services.AddRoutingCore();
        services.AddProblemDetails();
        services.AddApiDescription(service, instance);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            var json = options.SerializerOptions;
            json.TypeInfoResolverChain.Insert(0, service.Json);
            json.TypeInfoResolverChain.Insert(1, HostingJson.Default);
            json.NumberHandling = JsonNumberHandling.Strict;
            json.RespectNullableAnnotations = true;
        });

        services.AddSingleton<MetricRegistry>();
        services.AddSingleton<HttpMetrics>();
        services.AddSingleton<CallMetrics>();
        services.AddSingleton<BuildInfo>();
        services.AddRecords(static _ => new IdempotentAttempts());
        services.AddSingleton<EventMetrics>();
        services.AddSingleton<EventPublisher>();
        services.AddHostedService<EventReaders>();
        AddFaults(services, service, instance);
        AddCalls(services, service, instance);
    }

    private static void AddFaults(IServiceCollection services, FleetService service, FleetInstance instance)
    {
        var plans = instance.Stores.Faults(instance.Namespace, service.Name);
        foreach (var (version, plan) in FaultVariable.Read(instance.Environment.GetValueOrDefault(FaultVariable.Name) ?? ""))
        {
            plans.Begin(version, plan);
        }

        services.AddSingleton(plans);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The client owns the handler, and the container owns the client.")]
    private static void AddCalls(IServiceCollection services, FleetService service, FleetInstance instance)
    {
        services.AddSingleton(new DependencyAddresses(service, instance));
        services.AddSingleton(_ => new HttpClient(instance.OutboundHandler())
        {
            // Each dependency has its own limit.
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = 1024 * 1024,
        });
        services.AddSingleton<DependencyCalls>();
        services.AddSingleton<Reachability>();
        services.AddHostedService<ReachabilityProbe>();
    }

    private static void AddLogging(WebApplicationBuilder builder, FleetService service, FleetInstance instance)
    {
        builder.Services.AddSingleton<ILoggerProvider>(
            provider => new JsonLineLoggerProvider(service.Name, instance, provider.GetRequiredService<CurrentRequest>()));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter(nameof(Fleet), LogLevel.Information);
    }

    [LoggerMessage(EventName = "started", Level = LogLevel.Information, Message = "Serving at {Addresses}")]
    private static partial void LogStarted(ILogger logger, string addresses);

    [LoggerMessage(EventName = "stopping", Level = LogLevel.Information, Message = "Finishing the requests that run")]
    private static partial void LogStopping(ILogger logger);
}
