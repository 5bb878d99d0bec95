using System.Security.Claims;
using ControlPlane.Kubernetes.Resources;

namespace Gateway.Identity;

/// <summary>Who calls, verified.</summary>
/// <param name="Claims">What is known of the caller.</param>
/// <param name="Service">The service that it is; null when it is none.</param>
/// <param name="Headers">What the service that is called gets to know as headers; a null value only removes what the caller sent.</param>
internal sealed record Caller(ClaimsIdentity Claims, ObjectKey? Service, IReadOnlyList<KeyValuePair<string, string?>> Headers)
{
    private const string ServiceAccount = "system:serviceaccount:";

    /// <summary>A caller with a verified token. One of a service account is the service of that name: workloads of ours run under their service's.</summary>
    public static Caller OfToken(ClaimsIdentity claims, IEnumerable<KeyValuePair<string, string>> claimHeaders, IEnumerable<string> guarded)
    {
        var headers = guarded.Select(static header => KeyValuePair.Create(header, (string?)null)).ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (header, claim) in claimHeaders)
        {
            headers[header] = Safe(string.Join(',', claims.FindAll(claim).Select(static found => found.Value)));
        }

        var subject = claims.FindFirst("sub")?.Value ?? "";
        var names = subject.StartsWith(ServiceAccount, StringComparison.Ordinal) ? subject[ServiceAccount.Length..].Split(':') : [];
        return new(claims, names is [{ } ns, { } name] ? new ObjectKey(ns, name) : null, [.. headers]);
    }

    /// <summary>A caller with a key: the client whose key it is, in the namespace of the Secret.</summary>
    public static Caller OfKey(string client, string ns, IEnumerable<string> guarded) => new(
        new ClaimsIdentity([new Claim("sub", client)], "ApiKey"), new ObjectKey(ns, client), [.. guarded.Select(static header => KeyValuePair.Create(header, (string?)null))]);

    /// <summary>A claim that can't be a header is as if it were not there.</summary>
    private static string? Safe(string value) => value.Length > 0 && value.All(static letter => letter is >= ' ' and < (char)127) ? value : null;
}
