using System.Collections.Concurrent;
using ControlPlane.Api.Access;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Kubernetes.Resources.Traffic.Effective;
using Operators.Cluster;

namespace ControlPlane.Api.Traffic.Gateways;

/// <summary>A service that policies give a circuit or limits.</summary>
/// <param name="Service">The service.</param>
/// <param name="Policy">What all its policies say.</param>
internal sealed record GuardedService(ManagedService Service, EffectivePolicy Policy)
{
    /// <summary>The service.</summary>
    public ObjectKey Key => Service.Metadata.Key;

    /// <summary>Team that owns it.</summary>
    public string Team => Service.Spec.Owner.Team;

    /// <summary>True when it has a circuit: one that is forced and nothing else is one, too.</summary>
    public bool HasCircuit => Policy.Settings.Any(static setting => setting.From.Kind == CircuitPolicy.ResourceType.Kind);

    /// <summary>The setting by which somebody forces its circuit; null where there is none, ended or not.</summary>
    public EffectiveSetting? Force => Policy.Settings.FirstOrDefault(static setting => setting.From.Kind == CircuitPolicy.ResourceType.Kind && setting.Field == "spec.force");

    /// <summary>Name of the policy that declares the circuit: of those that say more than that it is forced, the strongest.</summary>
    public string CircuitPolicyName
    {
        get
        {
            var settings = Policy.Settings.Where(static setting => setting.From.Kind == CircuitPolicy.ResourceType.Kind).ToList();
            return (settings.Find(static setting => setting.Field != "spec.force") ?? settings[0]).From.Key.Name;
        }
    }

    /// <summary>Name of the policy that declares a limit.</summary>
    public string LimitPolicyName(string limit) => Policy.Settings.First(setting => setting.Field == $"spec.limits[{limit}]").From.Key.Name;
}

/// <summary>
/// The services that policies give a circuit or limits. Worked out when the first who asks comes after a change, for the namespaces that changed:
/// pages ask every other second.
/// </summary>
internal sealed class GuardedServices
{
    private readonly FleetCaches _caches;
    private readonly ConcurrentDictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    public GuardedServices(FleetCaches caches)
    {
        _caches = caches;
        caches.Services.Cache.Subscribe(change => Forget(Changes.OfDeclaration(change), change.Key.Namespace));
        caches.Policies.Traffic.Cache.Subscribe(change => Forget(Changes.OfDeclaration(change), change.Key.Namespace));
        caches.Policies.RateLimits.Cache.Subscribe(change => Forget(Changes.OfDeclaration(change), change.Key.Namespace));
        caches.Policies.Circuits.Cache.Subscribe(change => Forget(Changes.OfDeclaration(change), change.Key.Namespace));
    }

    /// <summary>All of them.</summary>
    public IEnumerable<GuardedService> All()
    {
        var policies = _caches.Policies;
        var namespaces = policies.RateLimits.Cache.Snapshot().Select(static policy => policy.Metadata.Namespace)
            .Concat(policies.Circuits.Cache.Snapshot().Select(static policy => policy.Metadata.Namespace));
        return namespaces.Distinct().SelectMany(Of);
    }

    /// <summary>One service, guarded or not; null when it is not declared.</summary>
    public GuardedService? Find(ObjectKey service) => _caches.Services.Cache.Find(service) is { } declared ? new(declared, _caches.Policies.EffectiveOf(declared)) : null;

    /// <summary>What gateways can't do now for the services that a scope includes.</summary>
    public IReadOnlyList<GatewayShortfall> Shortfalls(GatewayAnswers answers, AccessScope scope) =>
    [
        .. from report in answers.Reports
           from shortfall in report.Shortfalls
           from service in _caches.ServicesByFront.Get(new ObjectKey(shortfall.Namespace, shortfall.Service).ToString())
           where scope.Includes(service.Metadata.Namespace, service.Spec.Owner.Team)
           select new GatewayShortfall(report.Gateway, service.Metadata.Namespace, service.Metadata.Name, shortfall.Message),
    ];

    private IReadOnlyList<GuardedService> Of(string ns)
    {
        var version = _versions.GetValueOrDefault(ns); // before looking: a change meanwhile has it worked out once more
        if (!_known.TryGetValue(ns, out var known) || known.Version != version)
        {
            known = new(version, [
                .. _caches.ServicesByNamespace.Get(ns)
                    .Where(static service => service.Metadata.DeletionTimestamp is null)
                    .Select(service => new GuardedService(service, _caches.Policies.EffectiveOf(service)))
                    .Where(static service => service.HasCircuit || service.Policy.RateLimit.Limits.Count > 0),
            ]);
            _known[ns] = known;
        }

        return known.Services;
    }

    private void Forget(bool changed, string ns)
    {
        if (changed)
        {
            _versions.AddOrUpdate(ns, 1, static (_, version) => version + 1);
        }
    }

    private sealed record Known(int Version, IReadOnlyList<GuardedService> Services);
}
