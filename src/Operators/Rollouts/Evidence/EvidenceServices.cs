using Microsoft.Extensions.DependencyInjection;

namespace Operators.Rollouts.Evidence;

/// <summary>Puts the analysis of canaries together.</summary>
internal static class EvidenceServices
{
    /// <summary>Adds the analyst. It asks the metrics provider that is registered.</summary>
    public static IServiceCollection AddRolloutEvidence(this IServiceCollection services) => services.AddSingleton<RolloutAnalyst>();
}
