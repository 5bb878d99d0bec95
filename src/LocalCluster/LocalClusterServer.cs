using System.Net;
using LocalCluster.Actions;
using LocalCluster.Api;
using LocalCluster.Applying;
using LocalCluster.Discovery;
using LocalCluster.Identity;
using LocalCluster.OpenApi;
using LocalCluster.Registry;
using LocalCluster.Registry.Strategies;
using LocalCluster.Resources;
using LocalCluster.Storage;
using LocalCluster.Tables;
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
        _host = host;
        _store = store;
        Address = address;
    }

    /// <summary>Where the API is.</summary>
    public Uri Address { get; }

    /// <summary>Starts the API.</summary>
    /// <exception cref="LocalClusterException">The state can't be read or the port is taken.</exception>
    public static async Task<LocalClusterServer> StartAsync(
        LocalClusterOptions options, TimeProvider? clock = null, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default)
    {
        var store = OpenStore(options);
        try
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(IPAddress.Loopback, options.Port);
            });
            if (loggers is not null)
            {
                builder.Services.AddSingleton(loggers);
            }

            builder.Services.AddSingleton(SigningKey.Load(options.DataDirectory is null ? null : Path.Combine(options.DataDirectory, "serviceaccounts.pem")));
            AddServices(builder.Services, store, clock ?? TimeProvider.System);
            var host = builder.Build();
            host.Run(host.Services.GetRequiredService<ApiDispatcher>().HandleAsync);
            await host.StartAsync(cancellationToken);
            var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new LocalClusterServer(host, store, new Uri(address));
        }
        catch (Exception e)
        {
            await store.DisposeAsync();
            throw e is IOException
                ? new LocalClusterException($"port {options.Port} is in use by another process; stop it, or choose another port", e)
                : e;
        }
    }

    /// <summary>Ends all requests and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        await _store.DisposeAsync();
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

    private static void AddServices(IServiceCollection services, ObjectStore store, TimeProvider clock)
    {
        services.AddLogging();
        services.AddSingleton(store);
        services.AddSingleton(clock);
        services.AddSingleton<CatalogSource>();
        services.AddSingleton<ServiceAddresses>();
        services.AddSingleton(s => BuiltInStrategies.Create(s.GetRequiredService<ServiceAddresses>()));
        services.AddSingleton(s => new RegistryServices(store, s.GetRequiredService<StrategyCatalog>(), [], clock));
        services.AddSingleton<ObjectCreator>();
        services.AddSingleton<ObjectUpdater>();
        services.AddSingleton<ObjectDeleter>();
        services.AddSingleton<FieldManager>();
        services.AddSingleton<ColumnCatalog>();
        services.AddSingleton<RenderingSource>();
        services.AddSingleton<ObjectAnswer>();
        services.AddSingleton<ListHandler>();
        services.AddSingleton<WatchHandler>();
        services.AddSingleton<WriteHandler>();
        services.AddSingleton<PatchHandler>();
        services.AddSingleton<DeleteHandler>();
        services.AddSingleton<ServiceAccountTokens>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<HttpClient>();
        services.AddSingleton<IPodLogs, NodeAgentLogs>();
        services.AddSingleton<BindPod>();
        services.AddSingleton<IObjectAction>(s => s.GetRequiredService<BindPod>());
        services.AddSingleton<IObjectAction, CreateBinding>();
        services.AddSingleton<IObjectAction, EvictPod>();
        services.AddSingleton<IObjectAction, ReadPodLog>();
        services.AddSingleton<IObjectAction, RequestToken>();
        services.AddSingleton<IObjectAction, ReviewToken>();
        services.AddSingleton<IObjectAction, SelfReview>();
        foreach (var review in (string[])["subjectaccessreviews", "localsubjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"])
        {
            services.AddSingleton<IObjectAction>(new AccessReview(review));
        }

        services.AddSingleton<ActionCatalog>();
        services.AddSingleton<ObjectEndpoint>();
        services.AddSingleton<DiscoveryHandler>();
        services.AddSingleton<OpenApiHandler>();
        services.AddSingleton<ApiDispatcher>();
    }
}
