using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Selectors;

namespace LocalCluster.Registry.Strategies;

/// <summary>Kinds that make pods from a template and find them by a selector.</summary>
/// <param name="restartPolicies">Restart policies that their pods may have.</param>
internal sealed class WorkloadStrategy(params string[] restartPolicies) : ObjectStrategy
{
    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        var spec = obj.Json["spec"] as JsonObject ?? [];
        return ValidateSelector(obj, old, spec).Concat(ValidateReplicas(spec)).Concat(ValidateTemplate(spec));
    }

    private static IEnumerable<FieldError> ValidateSelector(KubeObject obj, KubeObject? old, JsonObject spec)
    {
        var selector = spec["selector"] as JsonObject;
        if (selector is not { Count: > 0 })
        {
            yield return selector is null
                ? FieldError.Required("spec.selector")
                : FieldError.Invalid("spec.selector", selector, $"empty selector is invalid for {obj.Kind.ToLowerInvariant()}");
            yield break;
        }

        if (old?.Json.At("spec.selector") is { } before && !JsonNode.DeepEquals(before, selector))
        {
            yield return FieldError.Invalid("spec.selector", selector, "field is immutable");
        }

        var labels = (spec.At("template.metadata.labels") as JsonObject ?? []).ToDictionary(l => l.Key, l => (string?)l.Value ?? "");
        if (!LabelSelector.Read(selector).Matches(labels))
        {
            yield return FieldError.Invalid(
                "spec.template.metadata.labels", spec.At("template.metadata.labels"), "`selector` does not match template `labels`");
        }
    }

    private static IEnumerable<FieldError> ValidateReplicas(JsonObject spec)
    {
        foreach (var name in (string[])["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"])
        {
            if (spec.Number(name) < 0)
            {
                yield return FieldError.Invalid($"spec.{name}", spec[name], "must be greater than or equal to 0");
            }
        }

        if (spec["progressDeadlineSeconds"] is not null && spec.Number("progressDeadlineSeconds") <= spec.Number("minReadySeconds"))
        {
            yield return FieldError.Invalid("spec.progressDeadlineSeconds", spec["progressDeadlineSeconds"], "must be greater than minReadySeconds");
        }

        if (spec.Text("strategy.type") == "Recreate" && spec.At("strategy.rollingUpdate") is not null)
        {
            yield return FieldError.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
        }

        if (spec.At("strategy.rollingUpdate") is { } rolling && IsZero(rolling.Text("maxSurge")) && IsZero(rolling.Text("maxUnavailable")))
        {
            yield return FieldError.Invalid("spec.strategy.rollingUpdate.maxUnavailable", rolling.At("maxUnavailable"), "may not be 0 when `maxSurge` is 0");
        }
    }

    private IEnumerable<FieldError> ValidateTemplate(JsonObject spec)
    {
        var template = spec.At("template.spec") as JsonObject ?? [];
        foreach (var error in PodSpecValidation.Validate(template, "spec.template.spec"))
        {
            yield return error;
        }

        if (template.Text("restartPolicy") is var policy && !restartPolicies.Contains(policy))
        {
            yield return FieldError.NotSupported("spec.template.spec.restartPolicy", policy, restartPolicies);
        }
    }

    private static bool IsZero(string value) => value is "0" or "0%";
}
