namespace ControlPlane.Kubernetes.Resources.Traffic;

/// <summary>TLS with certificates on both sides, between services.</summary>
public sealed record MutualTls
{
    /// <summary>How strict.</summary>
    public MutualTlsMode Mode { get; init; }
}

/// <summary>How strict TLS between services is.</summary>
public enum MutualTlsMode
{
    /// <summary>Nothing in the clear.</summary>
    Strict,

    /// <summary>Both.</summary>
    Permissive,

    /// <summary>None.</summary>
    Disabled,
}

/// <summary>Who may call.</summary>
public sealed record TrafficAccess
{
    /// <summary>Whether the services that declare the target in <c>dependsOn</c> may.</summary>
    public bool Dependents { get; init; } = true;

    /// <summary>Who else, and what they may do.</summary>
    public IReadOnlyList<AccessRule> Allow { get; init; } = [];
}

/// <summary>Callers, and what they may do.</summary>
public sealed record AccessRule
{
    /// <summary>Callers, any of them.</summary>
    public IReadOnlyList<AllowedCaller> From { get; init; } = [];

    /// <summary>Methods; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Paths, exact or with a <c>*</c> at the end; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}

/// <summary>A service that calls.</summary>
public sealed record AllowedCaller
{
    /// <summary>ManagedService, or <c>*</c> for every one of the namespace.</summary>
    public string Service { get; init; } = "";

    /// <summary>Its namespace; empty for the policy's.</summary>
    public string Namespace { get; init; } = "";
}

/// <summary>What callers from outside must show.</summary>
public sealed record TrafficAuthentication
{
    /// <summary>Issuers of tokens that are taken.</summary>
    public IReadOnlyList<TokenIssuer> Jwt { get; init; } = [];

    /// <summary>Keys instead of tokens.</summary>
    public ApiKeys? ApiKey { get; init; }
}

/// <summary>An issuer of tokens (RFC 7519).</summary>
public sealed record TokenIssuer
{
    /// <summary>The <c>iss</c> claim.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>Where its public keys are.</summary>
    public string JwksUri { get; init; } = "";

    /// <summary>One of them must be in the <c>aud</c> claim; empty for any.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>Claims that the service gets as headers.</summary>
    public IReadOnlyList<ClaimHeader> ClaimToHeaders { get; init; } = [];
}

/// <summary>A claim that the service gets as a header.</summary>
public sealed record ClaimHeader
{
    /// <summary>Claim.</summary>
    public string Claim { get; init; } = "";

    /// <summary>Header.</summary>
    public string Header { get; init; } = "";
}

/// <summary>Keys that clients show.</summary>
public sealed record ApiKeys
{
    /// <summary>Header that carries the key.</summary>
    public string Header { get; init; } = "X-API-Key";

    /// <summary>Secret with each client's name and key.</summary>
    public string SecretName { get; init; } = "";
}
