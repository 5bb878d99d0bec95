using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>PodDisruptionBudgets.</summary>
internal sealed class DisruptionBudgetStrategy : ObjectStrategy
{
    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        if (obj.Json.At("spec.minAvailable") is not null && obj.Json.At("spec.maxUnavailable") is not null)
        {
            yield return FieldError.Invalid("spec", obj.Json["spec"], "minAvailable and maxUnavailable cannot be both set");
        }

        foreach (var path in (string[])["spec.minAvailable", "spec.maxUnavailable"])
        {
            var text = obj.Json.Text(path);
            if (text.StartsWith('-'))
            {
                yield return FieldError.Invalid(path, obj.Json.At(path), "must be greater than or equal to 0");
            }
            else if (obj.Json.At(path)?.GetValueKind() == System.Text.Json.JsonValueKind.String
                && !(text.EndsWith('%') && int.TryParse(text[..^1], System.Globalization.CultureInfo.InvariantCulture, out var percent) && percent <= 100))
            {
                yield return FieldError.Invalid(
                    path, obj.Json.At(path), "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
            }
        }
    }
}

/// <summary>HorizontalPodAutoscalers.</summary>
internal sealed class AutoscalerStrategy : ObjectStrategy
{
    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        var (min, max) = (obj.Json.Number("spec.minReplicas"), obj.Json.Number("spec.maxReplicas"));
        if (obj.Json.At("spec.minReplicas") is not null && min < 1)
        {
            yield return FieldError.Invalid("spec.minReplicas", obj.Json.At("spec.minReplicas"), "must be greater than or equal to 1");
        }

        if (max < 1)
        {
            yield return FieldError.Invalid("spec.maxReplicas", max, "must be greater than 0");
        }
        else if (max < min)
        {
            yield return FieldError.Invalid("spec.maxReplicas", max, "must be greater than or equal to `minReplicas`");
        }

        foreach (var name in (string[])["kind", "name"])
        {
            if (obj.Json.Text($"spec.scaleTargetRef.{name}").Length == 0)
            {
                yield return FieldError.Required($"spec.scaleTargetRef.{name}");
            }
        }
    }
}

/// <summary>Leases.</summary>
internal sealed class LeaseStrategy : ObjectStrategy
{
    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        if (obj.Json.At("spec.leaseDurationSeconds") is { } duration && (long)duration <= 0)
        {
            yield return FieldError.Invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
        }

        if (obj.Json.At("spec.leaseTransitions") is { } transitions && (long)transitions < 0)
        {
            yield return FieldError.Invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
        }
    }
}
