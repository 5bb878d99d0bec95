using ControlPlane.Kubernetes.Resources;

namespace Operators.Traffic.Providers;

/// <summary>The kinds of data planes that providers write. None of them is one that the registry owns, so each of the two prunes only what it made.</summary>
public static class TrafficKinds
{
    /// <summary>HTTPRoutes of the Gateway API.</summary>
    public static ResourceType HttpRoutes { get; } = new("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute");

    /// <summary>VirtualServices of Istio.</summary>
    public static ResourceType VirtualServices { get; } = new("networking.istio.io", "v1", "virtualservices", "VirtualService");

    /// <summary>DestinationRules of Istio.</summary>
    public static ResourceType DestinationRules { get; } = new("networking.istio.io", "v1", "destinationrules", "DestinationRule");

    /// <summary>EnvoyFilters of Istio.</summary>
    public static ResourceType EnvoyFilters { get; } = new("networking.istio.io", "v1alpha3", "envoyfilters", "EnvoyFilter");

    /// <summary>PeerAuthentications of Istio.</summary>
    public static ResourceType PeerAuthentications { get; } = new("security.istio.io", "v1", "peerauthentications", "PeerAuthentication");

    /// <summary>RequestAuthentications of Istio.</summary>
    public static ResourceType RequestAuthentications { get; } = new("security.istio.io", "v1", "requestauthentications", "RequestAuthentication");

    /// <summary>AuthorizationPolicies of Istio.</summary>
    public static ResourceType AuthorizationPolicies { get; } = new("security.istio.io", "v1", "authorizationpolicies", "AuthorizationPolicy");

    /// <summary>BackendTrafficPolicies of Envoy Gateway.</summary>
    public static ResourceType BackendTrafficPolicies { get; } = new("gateway.envoyproxy.io", "v1alpha1", "backendtrafficpolicies", "BackendTrafficPolicy");

    /// <summary>SecurityPolicies of Envoy Gateway.</summary>
    public static ResourceType SecurityPolicies { get; } = new("gateway.envoyproxy.io", "v1alpha1", "securitypolicies", "SecurityPolicy");

    /// <summary>KongPlugins.</summary>
    public static ResourceType KongPlugins { get; } = new("configuration.konghq.com", "v1", "kongplugins", "KongPlugin");

    /// <summary>KongUpstreamPolicies.</summary>
    public static ResourceType KongUpstreamPolicies { get; } = new("configuration.konghq.com", "v1beta1", "kongupstreampolicies", "KongUpstreamPolicy");
}
