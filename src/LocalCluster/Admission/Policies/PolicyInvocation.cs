using LocalCluster.Resources;

namespace LocalCluster.Admission.Policies;

/// <summary>A policy that is to be evaluated for a request, as one of its bindings says, with one set of parameters.</summary>
/// <param name="Request">The request.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Binding">The binding; null when the policy itself is at fault.</param>
/// <param name="Version">The version of the resource that the policy sees.</param>
/// <param name="Params">The parameters; null for none.</param>
/// <param name="Fault">Why it can't be evaluated; null when it can.</param>
internal sealed record PolicyInvocation(
    PolicyRequest Request, AdmissionPolicy Policy, PolicyBinding? Binding, ApiResource Version, KubeObject? Params, string? Fault = null)
{
    /// <summary>Finds what is to be evaluated of one policy.</summary>
    /// <param name="bound">A policy that may concern the request.</param>
    /// <param name="request">The request.</param>
    public static IEnumerable<PolicyInvocation> Find(BoundPolicy bound, PolicyRequest request)
    {
        var policy = bound.Policy;
        if (policy.Constraints.Match(request) is not { } version)
        {
            yield break;
        }

        var paramKind = policy.ParamKind is { } kind ? request.Catalog.FindKind(kind.ApiVersion, kind.Kind) : null;
        if (policy.ParamKind is not null && paramKind is null)
        {
            yield return new(
                request,
                policy,
                null,
                version,
                null,
                $"failed to configure policy: failed to find resource referenced by paramKind: '{policy.ParamKind}'");
            yield break;
        }

        foreach (var binding in bound.Bindings.Where(binding => binding.Resources.Match(request) is not null))
        {
            foreach (var invocation in Find(policy, binding, version, paramKind, request))
            {
                yield return invocation;
            }
        }
    }

    /// <summary>Begins its evaluation, on the object as it is now.</summary>
    public PolicyRun Run() => new(Policy, Request, Version, Params);

    private static IEnumerable<PolicyInvocation> Find(
        AdmissionPolicy policy, PolicyBinding binding, ApiResource version, ApiResource? paramKind, PolicyRequest request)
    {
        // A policy with parameters of which the binding gives none sees null; parameters that the policy does not ask for are no matter.
        if (paramKind is null || binding.Params is null)
        {
            return [new(request, policy, binding, version, null)];
        }

        try
        {
            return binding.Params.Find(paramKind, request)
                .Select(parameters => new PolicyInvocation(request, policy, binding, version, parameters));
        }
        catch (PolicyException e)
        {
            return [new(request, policy, binding, version, null, $"failed to configure binding: {e.Message}")];
        }
    }
}
