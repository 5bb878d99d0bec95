using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Errors;
using LocalCluster.Resources;

namespace LocalCluster.Admission.Policies;

/// <summary>
/// Holds requests against the ValidatingAdmissionPolicies (KEP-3488), in the words of kube-apiserver. There is no audit log: what the
/// action Audit and audit annotations would write is computed, because it may fail, and goes nowhere.
/// </summary>
/// <param name="catalogs">What is served.</param>
internal sealed class ValidatingPolicies(CatalogSource catalogs) : IAdmissionPlugin
{
    private readonly PolicyIndex _policies = new(
        catalogs, PolicyKinds.ValidatingPolicies, PolicyKinds.ValidatingBindings, static policy => PolicyReader.Read(policy));

    /// <inheritdoc/>
    public void Validate(AdmissionRequest request)
    {
        StatusException? refusal = null;
        foreach (var invocation in _policies.Find(request))
        {
            foreach (var objection in Evaluate(invocation))
            {
                var actions = objection.IsFinal ? ["Deny"] : invocation.Binding!.Actions;
                if (actions.Contains("Deny"))
                {
                    refusal ??= Refusal(request, invocation, objection);
                }
                else if (actions.Contains("Warn"))
                {
                    request.Context.Request.Warn(
                        $"Validation failed for ValidatingAdmissionPolicy '{invocation.Policy.Name}' with binding '{invocation.Binding!.Name}': {objection.Message}");
                }
            }
        }

        if (refusal is not null)
        {
            throw refusal;
        }
    }

    private static IEnumerable<Objection> Evaluate(PolicyInvocation invocation)
    {
        var policy = invocation.Policy;
        if (invocation.Fault is { } fault)
        {
            return policy.IgnoresFailures ? [] : [new Objection(fault, IsFinal: true)];
        }

        try
        {
            var run = invocation.Run();
            return run.Matches()
                ? [.. policy.Validations.SelectMany(v => Evaluate(v, run, policy)), .. policy.AuditAnnotations.SelectMany(a => Annotate(a, run, policy))]
                : [];
        }
        catch (PolicyException e)
        {
            return policy.IgnoresFailures ? [] : [new Objection(e.Message)];
        }
    }

    private static IEnumerable<Objection> Evaluate(PolicyValidation validation, PolicyRun run, AdmissionPolicy policy)
    {
        var (value, error) = run.Evaluate(validation.Expression);
        if (value is true || (error is not null && policy.IgnoresFailures))
        {
            return [];
        }

        return [error is null ? new Objection(Message(validation, run), validation.Reason) : new Objection(error)];
    }

    private static string Message(PolicyValidation validation, PolicyRun run) =>
        validation.MessageExpression is { } expression && MessageText.Of(run.Evaluate(expression).Value) is { } computed ? computed
        : validation.Message.Length > 0 ? validation.Message
        : $"failed expression: {validation.Expression.Text.Trim()}";

    private static IEnumerable<Objection> Annotate(PolicyExpression annotation, PolicyRun run, AdmissionPolicy policy)
    {
        var (value, error) = run.Evaluate(annotation);
        return value is string or CelNull || policy.IgnoresFailures ? [] : [new Objection(error!, IsFinal: true)];
    }

    private static StatusException Refusal(AdmissionRequest request, PolicyInvocation invocation, Objection objection)
    {
        var where = invocation.Binding is { } binding ? $" with binding '{binding.Name}'" : "";
        var message = $"ValidatingAdmissionPolicy '{invocation.Policy.Name}'{where} denied request: {objection.Message}";
        var forbidden = StatusErrors.Forbidden(
            request.Resource.Type, request.Object.Name.Length > 0 ? request.Object.Name : request.Object.GenerateName, message);
        forbidden.Details!["causes"] = new JsonArray(new JsonObject { ["message"] = message });
        return new StatusException(CodeOf(objection.Reason), objection.Reason, forbidden.Message, forbidden.Details);
    }

    private static int CodeOf(string reason) => reason switch
    {
        "Forbidden" => 403,
        "Unauthorized" => 401,
        "RequestEntityTooLarge" => 413,
        _ => 422,
    };

    /// <summary>What a policy has against a request.</summary>
    /// <param name="Message">What it says.</param>
    /// <param name="Reason">Reason of the refusal.</param>
    /// <param name="IsFinal">True when it refuses the request whatever the binding says follows.</param>
    private sealed record Objection(string Message, string Reason = "Invalid", bool IsFinal = false);
}
