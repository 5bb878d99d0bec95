using System.Net;
using LocalCluster.Api;
using LocalCluster.Lifecycle;
using LocalCluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LocalCluster;

/// <summary>A Kubernetes API server in this process, for a laptop, a demo and tests; never for production.</summary>
public sealed class LocalClusterServer : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ObjectStore _store;

    private LocalClusterServer(WebApplication host, ObjectStore store, Uri address)
    {
        (_host, _store, Address) = (host, store, address);
    }

    /// <summary>Where the API is.</summary>
    public Uri Address { get; }

    /// <summary>Starts the API. With a data directory it writes <c>kubeconfig</c> there.</summary>
    /// <exception cref="LocalClusterException">The state can't be read or the port is taken.</exception>
    public static async Task<LocalClusterServer> StartAsync(
        LocalClusterOptions options, TimeProvider? clock = null, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default)
    {
        var store = OpenStore(options);
        var host = Build(options, store, clock ?? TimeProvider.System, loggers);
        try
        {
            var address = await ListenAsync(host, options, cancellationToken);
            await host.Services.GetRequiredService<Bootstrap>().RunAsync(address);
            host.Services.GetRequiredService<LifecycleHost>().Start();
            if (options.DataDirectory is not null)
            {
                await Kubeconfig.WriteAsync(Path.Combine(options.DataDirectory, "kubeconfig"), address, cancellationToken);
            }

            return new LocalClusterServer(host, store, address);
        }
        catch
        {
            await host.DisposeAsync();
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends all requests and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static WebApplication Build(LocalClusterOptions options, ObjectStore store, TimeProvider clock, ILoggerFactory? loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.AddLogging();
        if (loggers is not null)
        {
            builder.Services.AddSingleton(loggers);
        }

        builder.Services.AddLocalCluster(options, store, clock);
        var host = builder.Build();
        host.Run(host.Services.GetRequiredService<ApiDispatcher>().HandleAsync);
        return host;
    }

    private static async Task<Uri> ListenAsync(WebApplication host, LocalClusterOptions options, CancellationToken cancellationToken)
    {
        // Whoever follows the store must do so before the first write.
        host.Services.GetRequiredService<LifecycleHost>();
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new LocalClusterException($"port {options.Port} is in use by another process; stop it, or choose another port", e);
        }

        return new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    private static ObjectStore OpenStore(LocalClusterOptions options)
    {
        if (options.DataDirectory is null)
        {
            return new ObjectStore(new VolatileJournal());
        }

        Directory.CreateDirectory(options.DataDirectory);
        var journal = new SqliteJournal(Path.Combine(options.DataDirectory, "cluster.db"));
        try
        {
            return new ObjectStore(journal);
        }
        catch (DamagedStoreException e)
        {
            journal.Dispose();
            throw new LocalClusterException(e.Message, e);
        }
    }
}
