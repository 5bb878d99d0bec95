using System.Text.Json.Nodes;
using LocalCluster.Api;
using LocalCluster.Errors;
using LocalCluster.Resources;

namespace LocalCluster.Admission.Policies;

/// <summary>Changes objects as the MutatingAdmissionPolicies say (KEP-3962), in the words of kube-apiserver.</summary>
/// <param name="catalogs">What is served.</param>
internal sealed class MutatingPolicies(CatalogSource catalogs) : IAdmissionPlugin
{
    private readonly PolicyIndex<MutatingPolicy> _policies = new(
        PolicyKinds.MutatingPolicies, PolicyKinds.MutatingBindings, PolicyReader.ReadMutating);

    /// <inheritdoc/>
    public void Mutate(AdmissionRequest request)
    {
        if (PolicyKinds.AreExempt(request.Resource))
        {
            return;
        }

        var catalog = catalogs.Current;
        var bound = _policies.Find(request.Resource, request.Context.Snapshot, catalog);
        if (bound.Count == 0)
        {
            return;
        }

        // Which policies are concerned is decided on the object as it came to them.
        var subject = new PolicyRequest(request, catalog);
        var errors = new List<string>();
        foreach (var invocation in PolicyInvocation<MutatingPolicy>.Find(bound, subject).ToList())
        {
            var found = Invoke(invocation, request, subject);
            errors.AddRange(invocation.Policy.IgnoresFailures ? [] : found.Select(error => Name(invocation) + error));
        }

        if (errors.Count > 0)
        {
            var details = StatusErrors.Forbidden(request.Resource.Type, request.Object.Name, "").Details!;
            details["causes"] = new JsonArray([.. errors.Select(error => new JsonObject { ["message"] = error })]);
            throw new StatusException(403, "Invalid", errors[0], details);
        }
    }

    private static string Name(PolicyInvocation<MutatingPolicy> invocation) => invocation.Binding is { } binding
        ? $"policy '{invocation.Policy.Name}' with binding '{binding.Name}' denied request: "
        : $"policy '{invocation.Policy.Name}' denied request: ";

    private static List<string> Invoke(PolicyInvocation<MutatingPolicy> invocation, AdmissionRequest request, PolicyRequest subject)
    {
        if (invocation.Fault is { } fault)
        {
            return [fault];
        }

        var errors = new List<string>();
        try
        {
            var key = (invocation.Policy.Name, invocation.Binding!.Name, invocation.Params?.Key);
            if (!RunOf(invocation, subject).Matches() || !request.Reinvocation.MayRun(key))
            {
                return [];
            }

            foreach (var mutation in invocation.Policy.Mutations)
            {
                Mutate(mutation, invocation, request, subject, errors);
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

    private static PolicyRun RunOf(PolicyInvocation<MutatingPolicy> invocation, PolicyRequest subject) =>
        new(invocation.Policy, subject, invocation.Version, invocation.Params);

    // A mutation that fails does not keep those after it from being tried, so that all that is wrong is told at once.
    private static void Mutate(
        PolicyMutation mutation, PolicyInvocation<MutatingPolicy> invocation, AdmissionRequest request, PolicyRequest subject, List<string> errors)
    {
        try
        {
            var (value, error) = RunOf(invocation, subject).Evaluate(mutation.Expression);
            var view = subject.View(invocation.Version);
            var before = subject.After(invocation.Version)!.Clone();
            var after = error is not null ? throw new PolicyException(error)
                : mutation.IsJsonPatch ? PolicyPatch.Apply(before.Clone().Json, value!)
                : PolicyPatch.Merge(before, value!, view.Shape.MergeSchema);
            Complete(view.Shape, after);
            if (!JsonNode.DeepEquals(before.Json, after))
            {
                Store(new KubeObject(after), invocation.Version, request, subject);
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

        // What a client may leave to warnings, a policy that everybody is subject to may not.
        if (unknown.Count > 0)
        {
            throw StatusErrors.Internal($"strict decoding error: {string.Join(", ", unknown.Select(field => $"unknown field \"{field}\""))}");
        }
    }

    private static void Store(KubeObject shown, ApiResource version, AdmissionRequest request, PolicyRequest subject)
    {
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
