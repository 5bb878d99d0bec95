using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Traffic.Providers;

namespace Operators.Traffic;

/// <summary>Which data plane policies are rendered for: the configured one, else the first whose kinds the cluster serves.</summary>
/// <param name="caches">What the cluster serves.</param>
/// <param name="configured">Name of a provider; null to go by what the cluster serves.</param>
public sealed class ProviderChoice(FleetCaches caches, string? configured)
{
    /// <summary>The provider; null when the cluster serves no data plane that is known here.</summary>
    /// <exception cref="InvalidOperationException">The configuration names none that is known.</exception>
    public ITrafficProvider? Current => configured is null
        ? TrafficProviders.Choosable.FirstOrDefault(provider => provider.Requires.All(IsServed))
        : TrafficProviders.Choosable.FirstOrDefault(provider => provider.Name == configured)
            ?? throw new InvalidOperationException($"Traffic:Provider: '{configured}' is none of {string.Join(", ", TrafficProviders.Choosable.Select(provider => provider.Name))}");

    /// <summary>True when a kind that came or went can change the choice.</summary>
    internal static bool Concerns(string definition) =>
        TrafficProviders.Choosable.Any(provider => provider.Requires.Any(type => type.QualifiedName == definition));

    private bool IsServed(ResourceType type) => caches.CustomResourceDefinitions.Cache.Find(new("", type.QualifiedName)) is not null;
}
