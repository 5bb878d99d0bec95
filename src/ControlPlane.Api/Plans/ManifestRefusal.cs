using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;

namespace ControlPlane.Api.Plans;

/// <summary>Reads from an API server's refusal which fields of a manifest are at fault.</summary>
internal static partial class ManifestRefusal
{
    /// <summary>True when the refusal is about the manifest, not about the request or the server.</summary>
    public static bool IsVerdict(KubeApiException e) =>
        e.IsInvalid || e.IsNotFound || e.IsConflict || e.IsForbidden || TypedPatch().IsMatch(e.Message);

    /// <summary>What is wrong, at the lines of the fields as far as the refusal names any.</summary>
    public static IEnumerable<ManifestProblem> Problems(ManifestDocument manifest, KubeApiException e)
    {
        if (e.Causes.Count > 0)
        {
            return e.Causes.Select(cause => manifest.ProblemAt(cause.Field, cause.Message));
        }

        if (QuotedField().Matches(e.Message) is { Count: > 0 } quoted)
        {
            return quoted.Select(match => manifest.ProblemAt(match.Groups["path"].Value, StrictPrefix().Replace(e.Message, "")));
        }

        return TypedPatch().IsMatch(e.Message) && TypedField().Matches(e.Message) is { Count: > 0 } typed
            ? typed.Select(match => manifest.ProblemAt(match.Groups["path"].Value, match.Groups["problem"].Value))
            : [manifest.ProblemAt("", e.Message)];
    }

    [GeneratedRegex("(unknown|duplicate) field \"(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedField();

    [GeneratedRegex("^.*strict decoding error: ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StrictPrefix();

    /// <summary>Server-side apply says so of unknown fields and wrong types, with status 500: kube-apiserver does not take it for the client's fault.</summary>
    [GeneratedRegex("^failed to create typed patch object ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypedPatch();

    [GeneratedRegex(@"(^|\s)\.(?<path>[^\s:]+): (?<problem>[^\n]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypedField();
}
