using ControlPlane.Kubernetes.Resources;

namespace Gateway.Policies;

/// <summary>What callers must show: a token of one of the issuers, or a key.</summary>
public sealed record AuthenticationOptions
{
    /// <summary>The policy that says so, as <c>namespace/name</c>; empty where there is none.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Issuers of tokens that are taken.</summary>
    public IReadOnlyList<TokenIssuerOptions> Issuers { get; init; } = [];

    /// <summary>Keys that are taken; null for none.</summary>
    public ApiKeyOptions? Keys { get; init; }
}

/// <summary>An issuer of tokens (RFC 7519).</summary>
/// <param name="Issuer">The <c>iss</c> claim, exactly.</param>
/// <param name="KeysAt">Where its public keys are (RFC 7517).</param>
/// <param name="Audiences">One of them must be in the <c>aud</c> claim; empty for any.</param>
/// <param name="ClaimHeaders">Claims that the service gets as headers, by header.</param>
public sealed record TokenIssuerOptions(string Issuer, Uri KeysAt, IReadOnlyList<string> Audiences, IReadOnlyList<KeyValuePair<string, string>> ClaimHeaders);

/// <summary>Keys that clients show.</summary>
/// <param name="Header">Header that carries the key.</param>
/// <param name="Secret">Secret: each entry is a client's name and its key.</param>
public sealed record ApiKeyOptions(string Header, ObjectKey Secret);

/// <summary>Who may call; everybody else is refused.</summary>
/// <param name="Policy">The policy that says so, as <c>namespace/name</c>.</param>
/// <param name="Rules">What is allowed; a request must meet one of them.</param>
public sealed record AccessOptions(string Policy, IReadOnlyList<AccessGrant> Rules);

/// <summary>Callers, and what they may do.</summary>
public sealed record AccessGrant
{
    /// <summary>Services that may, by namespace and name; the name <c>*</c> stands for every one of the namespace.</summary>
    public required IReadOnlySet<ObjectKey> Callers { get; init; }

    /// <summary>Methods; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Paths, exact or with a <c>*</c> at the end; empty for all.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}
