using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Hosting;

/// <summary>Builds servers of one socket, which start and end when the gateway says so.</summary>
internal static class DetachedServer
{
    /// <param name="loggers">Where it logs.</param>
    /// <param name="drainTimeout">How long requests that are under way may take when it ends.</param>
    /// <param name="patience">How long clients may take to send their headers, and how long to send nothing much of a body; more than a second.</param>
    /// <param name="listen">Listens.</param>
    /// <param name="handle">Answers requests.</param>
    /// <param name="more">Adds what else it needs.</param>
    public static WebApplication Build(ILoggerFactory loggers, TimeSpan drainTimeout, TimeSpan patience, Action<KestrelServerOptions> listen, RequestDelegate handle, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<ILoggerFactory>(new ServerLoggers(loggers));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, DetachedLifetime>());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = drainTimeout);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = patience;
            kestrel.Limits.MinRequestBodyDataRate = new(240, patience);
            listen(kestrel);
        });
        more?.Invoke(builder.Services);
        var server = builder.Build();
        server.Run(handle);
        return server;
    }

    /// <summary>All but what the host of a server says: that it failed to start, with a stack trace, which whoever starts it hears as an exception and tells better.</summary>
    private sealed class ServerLoggers(ILoggerFactory loggers) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("Microsoft.Extensions.Hosting.", StringComparison.Ordinal) ? NullLogger.Instance : loggers.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

        public void Dispose()
        {
            // They are the gateway's, which goes on when a server ends.
        }
    }
}
