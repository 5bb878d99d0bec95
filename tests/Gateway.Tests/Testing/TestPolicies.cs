using System.Collections.Concurrent;
using ControlPlane.Kubernetes.Resources;
using Gateway.Policies;

namespace Gateway.Tests.Testing;

/// <summary>What a test says that holds for Services.</summary>
internal sealed class TestPolicies : IPolicySource
{
    private readonly ConcurrentDictionary<ObjectKey, ServicePolicy> _policies = [];

    public ServicePolicy this[string service]
    {
        get => For(new ObjectKey(RunningGateway.Namespace, service));
        set => _policies[new(RunningGateway.Namespace, service)] = value;
    }

    public ServicePolicy For(ObjectKey service) => _policies.GetValueOrDefault(service, ServicePolicy.Default);
}
