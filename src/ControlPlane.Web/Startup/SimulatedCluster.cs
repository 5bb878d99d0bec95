using System.Diagnostics.Metrics;
using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Api.Traffic.Generator;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using Gateway.Hosting;
using Gateway.Metrics;
using LocalCluster.Controllers;
using LocalCluster.Load;
using LocalCluster.NodeAgent;
using Operators.Discovery;
using Operators.Metrics;

namespace ControlPlane.Web.Startup;

/// <summary>
/// The parts of a cluster that a laptop lacks, run by this process: controllers for the embedded API, and nodes whose pods are hosts in this
/// process. They have a connection and metrics of their own: what they do is the cluster's doing, not the control plane's.
/// </summary>
internal static class SimulatedCluster
{
    private const string Key = "simulated-cluster";

    /// <summary>Where the example fleet's Gateway listens (manifests/fleet/gateway.yaml).</summary>
    private static readonly Uri Gateway = new("http://127.0.0.1:5082");

    /// <summary>Adds the connection by which the simulated parts talk to the cluster.</summary>
    public static void AddSimulatedCluster(this IServiceCollection services, Func<RuntimeMetrics, KubeConnection> connect)
    {
        services.AddKeyedSingleton(Key, (provider, _) => new RuntimeMetrics(provider.GetRequiredService<IMeterFactory>().Create("LocalCluster")));
        services.AddKeyedSingleton(Key, (provider, _) => connect(Metrics(provider)));
        services.AddKeyedSingleton(Key, (provider, _) => new KubeApi(provider.GetRequiredKeyedService<KubeConnection>(Key)));
    }

    /// <summary>Runs the workload controllers; only where nobody else does.</summary>
    public static void AddWorkloadControllers(this IServiceCollection services)
    {
        services.AddSingleton(provider => new LocalClusterControllers(Api(provider), Metrics(provider), Clock(provider), Loggers(provider)));
        services.AddHostedService<OnceStarted<LocalClusterControllers>>();
    }

    /// <summary>Runs simulated nodes, and has the control plane reach their pods.</summary>
    public static void AddSimulatedNodes(this IServiceCollection services, NodeAgentOptions options)
    {
        services.AddSingleton(provider => new NodeAgentHost(options, Api(provider), Metrics(provider), Clock(provider), Loggers(provider)));
        services.AddHostedService<OnceStarted<NodeAgentHost>>();
        services.AddSingleton<IPodNetwork>(provider => new SimulatedPodNetwork(provider.GetRequiredService<NodeAgentHost>().Network));
    }

    /// <summary>Runs the embedded gateway, which reaches the pods of the simulated nodes, and has the control plane read traffic from it.</summary>
    public static void AddEmbeddedGateway(this IServiceCollection services)
    {
        services.AddSingleton(provider => new GatewayMetrics(provider.GetRequiredService<IMeterFactory>().Create(GatewayMetrics.MeterName)));
        services.AddSingleton<IMetricsProvider>(provider => new EmbeddedMetrics(provider.GetRequiredService<GatewayMetrics>()));
        services.AddSingleton(provider =>
        {
            var network = provider.GetRequiredService<NodeAgentHost>().Network;
            return new GatewayHost(
                new GatewayOptions { Name = "embedded", AddressPool = network.SparePrefix, Dial = network.Route, SharedCounter = provider.GetService<IConfiguration>()?["Traffic:SharedCounters"] },
                Api(provider),
                Metrics(provider),
                provider.GetRequiredService<GatewayMetrics>(),
                Clock(provider),
                Loggers(provider));
        });
        services.AddHostedService<OnceStarted<GatewayHost>>();
        services.AddSingleton<IGatewaySource>(provider => new GatewayOfThisProcess(provider.GetRequiredService<GatewayHost>()));
    }

    /// <summary>Sends made-up shoppers to the example fleet, once somebody turns them on. For the embedded cluster alone.</summary>
    public static void AddMadeUpShoppers(this IServiceCollection services, string dataDirectory)
    {
        services.AddSingleton(provider => new LoadGenerator(
            Gateway, Path.Combine(dataDirectory, "traffic-generator.json"), Clock(provider), Loggers(provider).CreateLogger<LoadGenerator>()));
        services.AddHostedService(provider => provider.GetRequiredService<LoadGenerator>());
        services.AddSingleton<ITrafficGenerator>(provider => new EmbeddedGenerator(provider.GetRequiredService<LoadGenerator>()));
    }

    private static KubeApi Api(IServiceProvider provider) => provider.GetRequiredKeyedService<KubeApi>(Key);

    private static RuntimeMetrics Metrics(IServiceProvider provider) => provider.GetRequiredKeyedService<RuntimeMetrics>(Key);

    private static TimeProvider Clock(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static ILoggerFactory Loggers(IServiceProvider provider) => provider.GetRequiredService<ILoggerFactory>();

    private sealed class GatewayOfThisProcess(GatewayHost gateway) : IGatewaySource
    {
        public string Name => "embedded";

        public Task<GatewayReport> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(gateway.Report());
    }

    private sealed class SimulatedPodNetwork(PodNetwork network) : IPodNetwork
    {
        public string Route(string podAddress) => network.Route(podAddress);
    }
}
