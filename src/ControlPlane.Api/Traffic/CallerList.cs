namespace ControlPlane.Api.Traffic;

/// <summary>Who may call a service, whom it may call, and what keeps the others out.</summary>
/// <param name="Namespace">Namespace of the service.</param>
/// <param name="Service">Its name.</param>
/// <param name="From">The policy that says who may call; null when none does: then those that depend on it may.</param>
/// <param name="Callers">Everybody of whom the dependency graph or the policy says anything.</param>
/// <param name="Calls">The services that it depends on.</param>
/// <param name="Others">Callers that are no services, as <c>network.allowFrom</c> names them.</param>
/// <param name="Guards">What keeps the others out.</param>
/// <param name="Hidden">Callers and called services that are not the reader's to see.</param>
public sealed record CallerList(
    string Namespace,
    string Service,
    PolicySource? From,
    IReadOnlyList<PermittedCaller> Callers,
    IReadOnlyList<PermittedCall> Calls,
    IReadOnlyList<string> Others,
    CallerGuards Guards,
    int Hidden);

/// <summary>A service that may call, or would have to and may not.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name; <c>*</c> for every service of the namespace.</param>
/// <param name="Declared">There is such a service.</param>
/// <param name="Depends">It declares the other in <c>dependsOn</c>.</param>
/// <param name="Admitted">It is let in.</param>
/// <param name="LetOut">Its own NetworkPolicy lets it out to the service: true when it depends on it, or has no such policy.</param>
/// <param name="Rules">With which methods and paths, any of them; empty for all.</param>
public sealed record PermittedCaller(string Namespace, string Name, bool Declared, bool Depends, bool Admitted, bool LetOut, IReadOnlyList<CallRule> Rules);

/// <summary>A service that is depended on.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Declared">There is such a service.</param>
/// <param name="Admitted">It lets the caller in.</param>
/// <param name="Rules">With which methods and paths, any of them; empty for all.</param>
public sealed record PermittedCall(string Namespace, string Name, bool Declared, bool Admitted, IReadOnlyList<CallRule> Rules);

/// <summary>What a caller may do.</summary>
/// <param name="Methods">Methods; empty for all.</param>
/// <param name="Paths">Paths, exact or with a <c>*</c> at the end; empty for all.</param>
public sealed record CallRule(IReadOnlyList<string> Methods, IReadOnlyList<string> Paths);

/// <summary>What keeps those out who may not call.</summary>
/// <param name="NetworkPolicy">Name of the NetworkPolicy, which tells callers by their pods and knows neither methods nor paths; null when the operator keeps none.</param>
/// <param name="Provider">The traffic provider; null when there is none.</param>
/// <param name="Identity">Name of the provider's object that tells callers by who they are, with methods and paths; null when there is none.</param>
/// <param name="MutualTls">What policies say of TLS between services: <c>Strict</c>, <c>Permissive</c> or <c>Disabled</c>; null when nothing.</param>
/// <param name="Gaps">What of all this the provider can't hold.</param>
public sealed record CallerGuards(string? NetworkPolicy, string? Provider, string? Identity, string? MutualTls, IReadOnlyList<string> Gaps);
