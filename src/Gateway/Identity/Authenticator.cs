using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;
using Gateway.Policies;
using Gateway.Reporting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Identity;

/// <summary>What came of asking a caller who it is.</summary>
/// <param name="Caller">Who it is; null when it is not let in.</param>
/// <param name="Problem">Why not; empty when nothing was shown.</param>
/// <param name="IsOurs">It is not the caller's fault: what is needed to verify is away.</param>
internal sealed record AuthenticationOutcome(Caller? Caller, string Problem, bool IsOurs);

/// <summary>Verifies what callers show: a bearer token (RFC 6750) of one of the issuers, or a key.</summary>
/// <param name="api">Where Secrets are read.</param>
/// <param name="shortfalls">Told what can't be verified now.</param>
/// <param name="time">Clock.</param>
internal sealed class Authenticator(KubeApi api, Shortfalls shortfalls, TimeProvider time) : IDisposable
{
    private const string Bearer = "Bearer ";

    private static readonly KeptTimes KeySetTimes = new(Fresh: TimeSpan.FromMinutes(5), Pause: TimeSpan.FromSeconds(10), Patience: TimeSpan.FromSeconds(5));
    private static readonly KeptTimes SecretTimes = new(Fresh: TimeSpan.FromSeconds(10), Pause: TimeSpan.FromSeconds(2), Patience: TimeSpan.FromSeconds(5));

    private readonly KeySetReader _reader = new();
    private readonly TokenVerifier _verifier = new(time);
    private readonly KeptByMany<Uri, KeySet> _keySets = new(KeySetTimes, time);
    private readonly KeptByMany<ObjectKey, ApiKeyRing> _rings = new(SecretTimes, time);

    /// <summary>Asks who calls a Service.</summary>
    public async ValueTask<AuthenticationOutcome> AskAsync(AuthenticationOptions options, ObjectKey service, HttpContext context)
    {
        var guarded = options.Issuers.SelectMany(static issuer => issuer.ClaimHeaders).Select(static pair => pair.Key).Distinct(StringComparer.OrdinalIgnoreCase);
        if (options.Keys is { } keys && context.Request.Headers[keys.Header].ToString() is { Length: > 0 } key)
        {
            var ring = await RingOf(service, keys).GetAsync(isOutdated: false, context.RequestAborted);
            return ring is null ? Ours("keys can't be verified now")
                : ring.ClientOf(key) is { } client ? new(Caller.OfKey(client, keys.Secret.Namespace, guarded), "", IsOurs: false)
                : Theirs("the key is nobody's");
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (options.Issuers.Count == 0 || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Theirs("");
        }

        if (_verifier.Read(header[Bearer.Length..].Trim()) is not { } token || options.Issuers.FirstOrDefault(issuer => issuer.Issuer == token.Issuer) is not { } by)
        {
            return Theirs("the token is none, or of another issuer");
        }

        var kept = KeySetOf(service, by);
        var set = await kept.GetAsync(isOutdated: false, context.RequestAborted);
        if (set?.Has(token.Kid) == false)
        {
            set = await kept.GetAsync(isOutdated: true, context.RequestAborted); // issuers change their keys
        }

        if (set is null)
        {
            return Ours("tokens can't be verified now");
        }

        var verdict = await _verifier.VerifyAsync(token, by, set);
        return verdict.Caller is { } caller ? new(Caller.OfToken(caller, by.ClaimHeaders, guarded), "", IsOurs: false) : Theirs(verdict.Problem!);
    }

    public void Dispose() => _reader.Dispose();

    private KeptValue<KeySet> KeySetOf(ObjectKey service, TokenIssuerOptions issuer) => _keySets.For(issuer.KeysAt, service, _reader.ReadAsync, (user, address, problem) => shortfalls.Say(
        user, "spec.authentication.jwt", problem is null ? null : $"the keys at {address.GetLeftPart(UriPartial.Path)} can't be had, the last good ones are used: {problem}"));

    private KeptValue<ApiKeyRing> RingOf(ObjectKey service, ApiKeyOptions keys) => _rings.For(keys.Secret, service, (secret, cancel) => ApiKeyRing.ReadAsync(api, secret, cancel), (user, _, problem) => shortfalls.Say(
        user, "spec.authentication.apiKey", problem is null ? null : $"the keys can't be had, the last good ones are used: {problem}"));

    private static AuthenticationOutcome Ours(string problem) => new(null, problem, IsOurs: true);

    private static AuthenticationOutcome Theirs(string problem) => new(null, problem, IsOurs: false);
}
