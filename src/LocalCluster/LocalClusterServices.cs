using LocalCluster.Actions;
using LocalCluster.Admission;
using LocalCluster.Api;
using LocalCluster.Auditing;
using LocalCluster.Applying;
using LocalCluster.Discovery;
using LocalCluster.Identity;
using LocalCluster.Lifecycle;
using LocalCluster.OpenApi;
using LocalCluster.Quotas;
using LocalCluster.Registry;
using LocalCluster.Registry.Strategies;
using LocalCluster.Resources;
using LocalCluster.Storage;
using LocalCluster.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace LocalCluster;

/// <summary>Puts the parts of the server together.</summary>
internal static class LocalClusterServices
{
    private static readonly string[] AccessReviews =
        ["subjectaccessreviews", "localsubjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"];

    /// <summary>Adds all parts.</summary>
    public static void AddLocalCluster(this IServiceCollection services, LocalClusterOptions options, ObjectStore store, TimeProvider clock)
    {
        services.AddSingleton(store);
        services.AddSingleton(clock);
        services.AddSingleton<CatalogSource>();
        services.AddRegistry();
        services.AddIdentity(options);
        services.AddActions();
        services.AddSingleton(new RequestAudit(options.Audit, clock));
        services.AddApi();
        services.AddLifecycle();
    }

    private static void AddRegistry(this IServiceCollection services)
    {
        services.AddSingleton<ServiceAddresses>();
        services.AddSingleton(s => BuiltInStrategies.Create(s.GetRequiredService<ServiceAddresses>()));
        services.AddSingleton<IReadOnlyList<IAdmissionPlugin>>(s =>
        [
            new NamespaceLifecycle(), new LimitRanges(), new ServiceAccounts(), new PodDefaults(), new RuntimeClasses(),
            new QuotaAdmission(new Lazy<LocalClient>(s.GetRequiredService<LocalClient>)),
        ]);
        services.AddSingleton<RegistryServices>();
        services.AddSingleton<ObjectCreator>();
        services.AddSingleton<ObjectUpdater>();
        services.AddSingleton<ObjectDeleter>();
        services.AddSingleton<FieldManager>();
        services.AddSingleton<LocalClient>();
    }

    private static void AddIdentity(this IServiceCollection services, LocalClusterOptions options)
    {
        services.AddSingleton(_ => SigningKey.Load(options.DataDirectory is { } directory ? Path.Combine(directory, "serviceaccounts.pem") : null));
        services.AddSingleton<ServiceAccountTokens>();
        services.AddSingleton<Authenticator>();
    }

    private static void AddActions(this IServiceCollection services)
    {
        services.AddSingleton(_ => NodeAgentLogs.Connect());
        services.AddSingleton<IPodLogs, NodeAgentLogs>();
        services.AddSingleton<BindPod>();
        services.AddSingleton<IObjectAction>(s => s.GetRequiredService<BindPod>());
        services.AddSingleton<IObjectAction, CreateBinding>();
        services.AddSingleton<IObjectAction, EvictPod>();
        services.AddSingleton<IObjectAction, ReadPodLog>();
        services.AddSingleton<IObjectAction, RequestToken>();
        services.AddSingleton<IObjectAction, ReviewToken>();
        services.AddSingleton<IObjectAction, SelfReview>();
        foreach (var review in AccessReviews)
        {
            services.AddSingleton<IObjectAction>(new AccessReview(review));
        }

        services.AddSingleton<ActionCatalog>();
    }

    private static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<ColumnCatalog>();
        services.AddSingleton<RenderingSource>();
        services.AddSingleton<ObjectAnswer>();
        services.AddSingleton<ListHandler>();
        services.AddSingleton<WatchHandler>();
        services.AddSingleton<WriteHandler>();
        services.AddSingleton<PatchHandler>();
        services.AddSingleton<DeleteHandler>();
        services.AddSingleton<ObjectEndpoint>();
        services.AddSingleton<DiscoveryHandler>();
        services.AddSingleton<OpenApiHandler>();
        services.AddSingleton<ApiDispatcher>();
    }

    private static void AddLifecycle(this IServiceCollection services)
    {
        services.AddSingleton<Bootstrap>();
        services.AddSingleton<ILifecycle, NamespaceController>();
        services.AddSingleton<ILifecycle, CustomResourceCleanup>();
        services.AddSingleton<ILifecycle, GarbageCollector>();
        services.AddSingleton<ILifecycle, QuotaController>();
        services.AddSingleton<ILifecycle, EventExpiry>();
        services.AddSingleton<ILifecycle, Compaction>();
        services.AddSingleton<LifecycleHost>();
    }
}
