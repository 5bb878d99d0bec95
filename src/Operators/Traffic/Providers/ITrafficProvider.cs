using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;

namespace Operators.Traffic.Providers;

/// <summary>
/// Renders the effective policy of a service for one data plane. Pure: the same snapshot gives the same bytes. What the data plane can't express is
/// said, field by field; what it can is rendered all the same.
/// </summary>
public interface ITrafficProvider
{
    /// <summary>Name, as in the status of policies and in configuration: <c>dabbawala</c>, <c>istio</c>, <c>gateway-api</c> or <c>kong</c>.</summary>
    string Name { get; }

    /// <summary>Every kind that it may write, in the order in which objects are applied. Objects of these kinds that it no longer plans are pruned.</summary>
    IReadOnlyList<ResourceType> Kinds { get; }

    /// <summary>Kinds that the cluster must serve for this provider to be chosen.</summary>
    IReadOnlyList<ResourceType> Requires { get; }

    /// <summary>True when it reads settings from annotations of the Service (<see cref="ProviderPlan.FrontAnnotations"/>), so that the registry must write them.</summary>
    bool AnnotatesFronts => false;

    /// <summary>Plans the objects of one service.</summary>
    ProviderPlan Plan(TrafficSnapshot snapshot);

    /// <summary>What it can't do of <see cref="TrafficSnapshot.Split"/>, in a sentence; null when it can do all of it.</summary>
    string? SplitGap(TrafficSnapshot snapshot);
}

/// <summary>What a provider makes of the effective policy of a service.</summary>
/// <param name="Objects">The objects that should exist.</param>
/// <param name="Unsupported">Settings that it can't express; the fields are those of <see cref="ControlPlane.Kubernetes.Resources.Traffic.Effective.EffectiveSetting"/>, or lie below one.</param>
public sealed record ProviderPlan(IReadOnlyList<DesiredObject> Objects, IReadOnlyList<UnsupportedSetting> Unsupported)
{
    /// <summary>
    /// Annotations that the Service in front should bear, for data planes that read settings from there (Kong). Whoever owns the Service writes
    /// them: see <see cref="Operators.Registry.ServiceSnapshot.FrontAnnotations"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> FrontAnnotations { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);
}
