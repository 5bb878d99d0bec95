using ControlPlane.Kubernetes.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Operators.Cluster;
using Operators.Discovery;
using Operators.Metrics;
using Operators.Rollouts.Evidence.Sources;

namespace Operators.Rollouts.Evidence;

/// <summary>Puts the analysis of canaries together.</summary>
internal static class EvidenceServices
{
    /// <summary>File with the key that questions of webhooks are signed with; none when not set.</summary>
    public const string WebhookKeySetting = "Rollouts:WebhookKeyFile";

    /// <summary>Adds the analyst and its sources.</summary>
    public static IServiceCollection AddRolloutEvidence(this IServiceCollection services)
    {
        services.AddSingleton(static provider => new SidePods(provider.GetRequiredService<FleetCaches>()));
        services.AddSingleton<IEvidenceSource>(static provider => new ExpressionSource(provider.GetRequiredService<IMetricsProvider>()));
        services.AddSingleton<IEvidenceSource>(static provider => new ContractSource(
            provider.GetRequiredService<SidePods>(), provider.GetRequiredService<IPodNetwork>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEvidenceSource>(static provider => new LogPatternSource(provider.GetRequiredService<KubeApi>(), provider.GetRequiredService<SidePods>()));
        services.AddSingleton<IEvidenceSource>(static provider => new WebhookSource(
            provider.GetService<IConfiguration>()?[WebhookKeySetting] is { Length: > 0 } file ? file : null, provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton(static provider => new RolloutAnalyst(
            provider.GetRequiredService<IMetricsProvider>(), provider.GetServices<IEvidenceSource>(), provider.GetRequiredService<TimeProvider>()));
    }
}
