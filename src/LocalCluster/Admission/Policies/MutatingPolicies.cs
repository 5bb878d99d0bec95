using System.Text.Json.Nodes;
using LocalCluster.Api;
using LocalCluster.Errors;
using LocalCluster.Resources;

namespace LocalCluster.Admission.Policies;

/// <summary>Changes objects as the MutatingAdmissionPolicies say (KEP-3962), in the words of kube-apiserver.</summary>
/// <param name="catalogs">What is served.</param>
internal sealed class MutatingPolicies(CatalogSource catalogs) : IAdmissionPlugin
{
    private readonly PolicyIndex _policies = new(
        catalogs, PolicyKinds.MutatingPolicies, PolicyKinds.MutatingBindings, static policy => PolicyReader.Read(policy));

    /// <inheritdoc/>
    public void Mutate(AdmissionRequest request)
    {
        // Which policies are concerned is decided on the object as it came to them.
        var errors = new List<string>();
        foreach (var invocation in _policies.Find(request))
        {
            var found = Invoke(invocation, request);
            errors.AddRange(invocation.Policy.IgnoresFailures ? [] : found.Select(error => Name(invocation) + error));
        }

        if (errors.Count > 0)
        {
            var details = StatusErrors.Forbidden(request.Resource.Type, request.Object.Name, "").Details!;
            details["causes"] = new JsonArray([.. errors.Select(error => new JsonObject { ["message"] = error })]);
            throw new StatusException(403, "Invalid", errors[0], details);
        }
    }

    private static string Name(PolicyInvocation invocation) => invocation.Binding is { } binding
        ? $"policy '{invocation.Policy.Name}' with binding '{binding.Name}' denied request: "
        : $"policy '{invocation.Policy.Name}' denied request: ";

    private static List<string> Invoke(PolicyInvocation invocation, AdmissionRequest request)
    {
        if (invocation.Fault is { } fault)
        {
            return [fault];
        }

        var errors = new List<string>();
        try
        {
            var key = (invocation.Policy.Name, invocation.Binding!.Name, invocation.Params?.Key);
            if (!invocation.Run().Matches() || !request.Reinvocation.MayRun(key))
            {
                return [];
            }

            foreach (var mutation in invocation.Policy.Mutations)
            {
                Mutate(mutation, invocation, request, errors);
            }

            if (invocation.Policy.IsReinvoked)
            {
                request.Reinvocation.RunAgain(key);
            }
        }
        catch (PolicyException e)
        {
            errors.Add(e.Message);
        }

        return errors;
    }

    // A mutation that fails does not keep those after it from being tried, so that all that is wrong is told at once.
    private static void Mutate(
        PolicyMutation mutation, PolicyInvocation invocation, AdmissionRequest request, List<string> errors)
    {
        try
        {
            var (value, error) = invocation.Run().Evaluate(mutation.Expression);
            var view = invocation.Request.View(invocation.Version);
            var before = invocation.Request.After(invocation.Version)!.Clone();
            var after = error is not null ? throw new PolicyException(error)
                : mutation.IsJsonPatch ? PolicyPatch.Apply(before.Clone().Json, value!)
                : PolicyPatch.Merge(before, value!, view.Shape.MergeSchema);
            Complete(view.Shape, after);
            if (!JsonNode.DeepEquals(before.Json, after))
            {
                Store(new KubeObject(after), invocation, request);
            }
        }
        catch (PolicyException e)
        {
            errors.Add(e.Message);
        }
    }

    private static void Complete(ApiResource shape, JsonObject obj)
    {
        IReadOnlyList<string> unknown;
        try
        {
            unknown = ObjectDecoder.Complete(shape, obj);
        }
        catch (StatusException e)
        {
            throw StatusErrors.Internal(e.Message);
        }

        // What a client may leave to warnings, a policy may not; but for custom resources, which are pruned in silence, as they are when stored.
        if (unknown.Count > 0 && !shape.IsCustom)
        {
            throw StatusErrors.Internal($"strict decoding error: {string.Join(", ", unknown.Select(field => $"unknown field \"{field}\""))}");
        }
    }

    private static void Store(KubeObject shown, PolicyInvocation invocation, AdmissionRequest request)
    {
        var (subject, version) = (invocation.Request, invocation.Version);
        if (shown.Namespace != request.Object.Namespace || shown.Name != request.Object.Name)
        {
            throw StatusErrors.BadRequest("the name and the namespace of the object that policies made do not match those of the request");
        }

        var whole = subject.View(version).Write(shown, subject.WholeAfter(version)!.Clone());
        version.Conversion.ToStored(whole);
        request.Object.Become(whole);
        request.Reinvocation.Want();
    }
}
