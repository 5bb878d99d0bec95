using ControlPlane.Kubernetes.Resources;

namespace Gateway.Resources;

/// <summary>Where the kinds of the Gateway API are served, and what its reasons and features are called (gateway.networking.k8s.io/v1).</summary>
internal static class GatewayApi
{
    public const string Group = "gateway.networking.k8s.io";

    public static ResourceType GatewayClasses { get; } = new(Group, "v1", "gatewayclasses", "GatewayClass", Namespaced: false);

    public static ResourceType Gateways { get; } = new(Group, "v1", "gateways", "Gateway");

    public static ResourceType HttpRoutes { get; } = new(Group, "v1", "httproutes", "HTTPRoute");

    public static ResourceType ReferenceGrants { get; } = new(Group, "v1", "referencegrants", "ReferenceGrant");

    /// <summary>Secrets; the gateway follows those of type <see cref="TlsSecret.SecretType"/>, and reads those that policies name for keys.</summary>
    public static ResourceType Secrets { get; } = new("", "v1", "secrets", "Secret");

    /// <summary>What the gateway does beyond the core of the API, as its conformance suite names it. Sorted, as the API wants it.</summary>
    public static IReadOnlyList<string> SupportedFeatures { get; } =
    [
        "Gateway",
        "GatewayAddressEmpty",
        "GatewayHTTPListenerIsolation",
        "GatewayHTTPSListenerDetectMisdirectedRequests",
        "GatewayPort8080",
        "GatewayStaticAddresses",
        "HTTPRoute",
        "HTTPRoute303RedirectStatusCode",
        "HTTPRoute307RedirectStatusCode",
        "HTTPRoute308RedirectStatusCode",
        "HTTPRouteBackendProtocolH2C",
        "HTTPRouteBackendProtocolWebSocket",
        "HTTPRouteBackendRequestHeaderModification",
        "HTTPRouteBackendTimeout",
        "HTTPRouteCORS",
        "HTTPRouteDestinationPortMatching",
        "HTTPRouteHostRewrite",
        "HTTPRouteMethodMatching",
        "HTTPRouteNamedRouteRule",
        "HTTPRouteParentRefPort",
        "HTTPRoutePathRedirect",
        "HTTPRoutePathRewrite",
        "HTTPRoutePortRedirect",
        "HTTPRouteQueryParamMatching",
        "HTTPRouteRequestMirror",
        "HTTPRouteRequestMultipleMirrors",
        "HTTPRouteRequestPercentageMirror",
        "HTTPRouteRequestTimeout",
        "HTTPRouteResponseHeaderModification",
        "HTTPRouteSchemeRedirect",
        "ReferenceGrant",
    ];
}

/// <summary>Types and reasons of the Gateway API's conditions, as its conformance suite expects them.</summary>
internal static class GatewayConditions
{
    public const string Accepted = "Accepted";
    public const string Programmed = "Programmed";
    public const string ResolvedRefs = "ResolvedRefs";
    public const string Conflicted = "Conflicted";
    public const string PartiallyInvalid = "PartiallyInvalid";

    /// <summary>Our own: False while something that a policy needs is away; absent otherwise.</summary>
    public const string PoliciesHonoured = "fleet.dabbawala.dev/PoliciesHonoured";
    public const string Shortfall = "Shortfall";

    public const string InvalidParameters = "InvalidParameters";
    public const string ListenersNotValid = "ListenersNotValid";
    public const string UnsupportedAddress = "UnsupportedAddress";
    public const string AddressNotUsable = "AddressNotUsable";
    public const string AddressNotAssigned = "AddressNotAssigned";
    public const string Invalid = "Invalid";
    public const string Pending = "Pending";

    public const string UnsupportedProtocol = "UnsupportedProtocol";
    public const string InvalidRouteKinds = "InvalidRouteKinds";
    public const string InvalidCertificateRef = "InvalidCertificateRef";
    public const string HostnameConflict = "HostnameConflict";
    public const string ProtocolConflict = "ProtocolConflict";
    public const string NoConflicts = "NoConflicts";

    public const string NoMatchingParent = "NoMatchingParent";
    public const string NotAllowedByListeners = "NotAllowedByListeners";
    public const string NoMatchingListenerHostname = "NoMatchingListenerHostname";
    public const string UnsupportedValue = "UnsupportedValue";
    public const string RefNotPermitted = "RefNotPermitted";
    public const string InvalidKind = "InvalidKind";
    public const string BackendNotFound = "BackendNotFound";
}
