using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Selectors;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Admission.Policies;

/// <summary>Where a policy is in force, with which parameters, and what follows when it is broken.</summary>
/// <param name="Name">Name of the binding.</param>
/// <param name="PolicyName">Name of the policy.</param>
/// <param name="Resources">The requests that it is about, of those that the policy is about.</param>
/// <param name="Params">Where the parameters are; null when it gives none.</param>
/// <param name="Actions">What follows: Deny, Warn, Audit. Empty for mutating policies.</param>
internal sealed record PolicyBinding(string Name, string PolicyName, MatchCriteria Resources, ParamRef? Params, IReadOnlyList<string> Actions)
{
    /// <summary>Reads a binding of either kind.</summary>
    public static PolicyBinding Read(KubeObject binding)
    {
        var spec = binding.Json["spec"];
        return new PolicyBinding(
            binding.Name,
            spec.Text("policyName"),
            MatchCriteria.Read(spec.At("matchResources")),
            spec.At("paramRef") is { } reference ? ParamRef.Read(reference) : null,
            spec.Texts("validationActions"));
    }
}

/// <summary>Names the objects that a policy takes its parameters from.</summary>
/// <param name="Name">Name of the object; empty when a selector says which.</param>
/// <param name="Namespace">Their namespace; empty for that of the request.</param>
/// <param name="Selector">Labels of the objects; null when there is a name.</param>
/// <param name="DeniesWhenMissing">True when there must be one.</param>
internal sealed record ParamRef(string Name, string Namespace, LabelSelector? Selector, bool DeniesWhenMissing)
{
    /// <summary>Reads a <c>paramRef</c>.</summary>
    public static ParamRef Read(JsonNode json) => new(
        json.Text("name"),
        json.Text("namespace"),
        json.At("selector") is JsonObject selector ? LabelSelector.Read(selector) : null,
        json.Text("parameterNotFoundAction") == "Deny");

    /// <summary>Finds the parameters, in the version that the policy names.</summary>
    /// <param name="kind">Their kind.</param>
    /// <param name="request">The request that they are for.</param>
    /// <exception cref="PolicyException">They can't be found, or there are none and there must be.</exception>
    public IReadOnlyList<KubeObject> Find(ApiResource kind, PolicyRequest request)
    {
        var ns = NamespaceOf(kind, request);
        var table = request.Snapshot.Table(kind.StorageName);
        var found = Selector is null
            ? table.Range(new ObjectKey(ns, Name)).Select(kind.Read).ToList()
            : [.. table.Range(ns).Select(kind.Read).Where(obj => Selector.Matches(PolicyRequest.LabelsOf(obj)))];
        return found.Count == 0 && DeniesWhenMissing
            ? throw new PolicyException("no params found for policy binding with `Deny` parameterNotFoundAction")
            : found;
    }

    private string NamespaceOf(ApiResource kind, PolicyRequest request)
    {
        if (!kind.Type.Namespaced)
        {
            return Namespace.Length == 0 ? "" : throw new PolicyException("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
        }

        return Namespace.Length > 0 ? Namespace
            : request.Namespace.Length > 0 ? request.Namespace
            : throw new PolicyException("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
    }
}

/// <summary>Why a policy can't be evaluated for a request. The policy says whether that refuses the request.</summary>
/// <param name="message">What is wrong.</param>
internal sealed class PolicyException(string message) : Exception(message);
