using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>Jobs: the selector that they are given, and what of them can't change.</summary>
internal sealed class JobStrategy : ObjectStrategy
{
    private static readonly string[] NameLabels = ["job-name", "batch.kubernetes.io/job-name"];
    private static readonly string[] UidLabels = ["controller-uid", "batch.kubernetes.io/controller-uid"];

    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context)
    {
        var spec = obj.Json.ObjectAt("spec");
        if (spec.Flag("manualSelector"))
        {
            return;
        }

        var labels = spec.ObjectAt("template.metadata.labels");
        foreach (var label in NameLabels)
        {
            labels[label] ??= obj.Name;
        }

        foreach (var label in UidLabels)
        {
            labels[label] ??= obj.Uid;
        }

        spec.ObjectAt("selector.matchLabels")[UidLabels[1]] ??= obj.Uid;
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context)
    {
        var spec = obj.Json["spec"] as JsonObject ?? [];
        foreach (var name in (string[])["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"])
        {
            if (spec.Number(name) < 0)
            {
                yield return FieldError.Invalid($"spec.{name}", spec[name], "must be greater than or equal to 0");
            }
        }

        foreach (var error in PodSpecValidation.Validate(spec.At("template.spec") as JsonObject ?? [], "spec.template.spec"))
        {
            yield return error;
        }

        if (spec.Text("template.spec.restartPolicy") is var policy && policy is not ("OnFailure" or "Never"))
        {
            yield return policy is "" or "Always"
                ? FieldError.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"")
                : FieldError.NotSupported("spec.template.spec.restartPolicy", policy, ["OnFailure", "Never"]);
        }

        foreach (var name in (string[])["selector", "template", "completionMode"])
        {
            if (old?.Json.At($"spec.{name}") is { } before && !JsonNode.DeepEquals(before, spec[name]) && !spec.Flag("suspend"))
            {
                yield return FieldError.Invalid($"spec.{name}", spec[name], "field is immutable");
            }
        }
    }
}
