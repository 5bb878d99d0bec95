using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Traffic.Providers;

namespace Operators.Traffic;

/// <summary>Which data plane policies are rendered for: the configured one, else the first whose kinds the cluster serves.</summary>
public sealed class ProviderChoice
{
    private readonly FleetCaches _caches;
    private readonly IReadOnlyList<ITrafficProvider> _known;
    private readonly ITrafficProvider? _configured;

    /// <summary>Makes the choice; what the cluster serves is asked anew each time.</summary>
    /// <param name="caches">What the cluster serves.</param>
    /// <param name="options">What is configured.</param>
    /// <exception cref="ArgumentException">The configuration names a provider that is not known (<see cref="TrafficOptions.Read"/> says so first).</exception>
    public ProviderChoice(FleetCaches caches, TrafficOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _caches = caches;
        _known = TrafficProviders.All(options.SharedCounters);
        _configured = options.Provider is null ? null
            : _known.FirstOrDefault(provider => provider.Name == options.Provider) ?? throw new ArgumentException($"'{options.Provider}' is no traffic provider", nameof(options));
    }

    /// <summary>The provider; null when the cluster does not serve what any, or the configured one, needs.</summary>
    public ITrafficProvider? Current => _configured is null
        ? _known.FirstOrDefault(provider => Missing(provider) is null)
        : Missing(_configured) is null ? _configured : null;

    /// <summary>Why there is no provider; null when there is one.</summary>
    public string? Lack => Current is not null ? null
        : _configured is null ? $"the cluster serves no data plane that is known here; the least is the Gateway API, {TrafficKinds.HttpRoutes.QualifiedName}, for {_known[^1].Name}"
        : $"Traffic:Provider is {_configured.Name}, and the cluster does not serve {Missing(_configured)!.QualifiedName}";

    /// <summary>True when a kind that came or went can change the choice, or what can be written.</summary>
    internal static bool Concerns(string definition) => TrafficProviders.Kinds.Any(type => type.QualifiedName == definition);

    private ResourceType? Missing(ITrafficProvider provider)
    {
        foreach (var type in provider.Requires)
        {
            if (_caches.CustomResourceDefinitions.Cache.Find(new("", type.QualifiedName)) is null)
            {
                return type;
            }
        }

        return null;
    }
}
