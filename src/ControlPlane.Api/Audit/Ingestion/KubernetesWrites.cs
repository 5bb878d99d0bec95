using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Api.Audit.Ingestion;

/// <summary>Tells the events that matter from the others.</summary>
internal static class KubernetesWrites
{
    private static readonly HashSet<string> Verbs = new(["create", "update", "patch", "delete", "deletecollection"], StringComparer.Ordinal);

    /// <summary>Kinds that hold no declared state: what a cluster tells itself, and questions that are asked by POST.</summary>
    private static readonly HashSet<string> Bookkeeping = new(
        [
            "events", "leases", "endpoints", "endpointslices", "tokenreviews", "subjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews",
            "localsubjectaccessreviews", "selfsubjectreviews",
        ],
        StringComparer.Ordinal);

    /// <summary>True for a write that was answered, and that changed or would have changed what is declared.</summary>
    public static bool IsOne(KubernetesEvent item) =>
        item is { Stage: "ResponseComplete", ObjectRef: { } about }
        && Verbs.Contains(item.Verb)
        && !Bookkeeping.Contains(about.Resource)
        && about.Subresource is not "status"
        && Query(item, "dryRun") is null;

    /// <summary>
    /// True when it was written under a field manager of this control plane, or deleted, which has none, by a client that, as ours, does not say
    /// what it is. Anybody can say that name; who it was is asked of the user.
    /// </summary>
    public static bool IsUnderOurName(KubernetesEvent item) => FieldManager(item) is { } manager
        ? manager.StartsWith(FleetApi.OperatorFieldManager, StringComparison.Ordinal)
        : string.IsNullOrEmpty(item.UserAgent);

    /// <summary>Under which name fields were written; null when it was not said.</summary>
    public static string? FieldManager(KubernetesEvent item) => Query(item, "fieldManager");

    private static string? Query(KubernetesEvent item, string name) =>
        item.RequestUri.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at && QueryHelpers.ParseQuery(item.RequestUri[at..]).TryGetValue(name, out var values)
            ? values.ToString()
            : null;
}
