using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>
/// CustomResourceDefinitions. They are established at once when their names are free: the catalog follows every commit, so that there
/// is nothing to wait for.
/// </summary>
internal sealed class CustomResourceDefinitionStrategy : ObjectStrategy
{
    /// <summary>The finalizer that stands for the objects of the definition.</summary>
    public const string Finalizer = "customresourcecleanup.apiextensions.k8s.io";

    /// <inheritdoc/>
    public override void PrepareForCreate(KubeObject obj, RegistryContext context)
    {
        CompleteNames(obj);
        obj.Json["status"] = new JsonObject();
        obj.Finalizers = [.. obj.Finalizers.Union([Finalizer])];
        Establish(obj, context);
    }

    /// <inheritdoc/>
    public override void PrepareForUpdate(KubeObject obj, KubeObject old, RegistryContext context)
    {
        CompleteNames(obj);
        Establish(obj, context);
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context) =>
        CustomResourceDefinitionValidation.Validate(obj, old).ToList() is { Count: > 0 } errors ? errors
            : old is not null && JsonNode.DeepEquals(obj.Json["spec"], old.Json["spec"]) ? []
            : CrdSchemas.Read(obj.Json, old?.Json).Errors;

    /// <inheritdoc/>
    public override void PrepareForDeletion(KubeObject obj) => SetCondition(
        obj, "Terminating", true, "InstanceDeletionInProgress", "CustomResource deletion is in progress", obj.DeletionTimestamp!.Value);

    private static void CompleteNames(KubeObject obj)
    {
        var names = obj.Json.ObjectAt("spec.names");
        var kind = names.Text("kind");
        if (names.Text("singular").Length == 0)
        {
            names["singular"] = kind.ToLowerInvariant();
        }

        if (names.Text("listKind").Length == 0)
        {
            names["listKind"] = kind + "List";
        }

        obj.Json.ObjectAt("spec.conversion")["strategy"] ??= "None";
    }

    private static void Establish(KubeObject obj, RegistryContext context)
    {
        var status = obj.Json.ObjectAt("status");
        var conflict = ClaimedNames.Of(obj, context.Snapshot).Conflict(obj);
        if (conflict is null)
        {
            status["acceptedNames"] = obj.Json.At("spec.names")!.DeepClone();
        }
        else
        {
            status["acceptedNames"] ??= new JsonObject { ["kind"] = "", ["plural"] = "" };
        }

        var stored = obj.Json.Items("spec.versions").FirstOrDefault(v => v.Flag("storage")).Text("name");
        if (stored.Length > 0 && !status.Items("storedVersions").Any(v => (string?)v == stored))
        {
            status["storedVersions"] = new JsonArray([.. status.Items("storedVersions").Select(v => v.DeepClone()), stored]);
        }

        SetCondition(obj, "NamesAccepted", conflict is null, conflict?.Reason ?? "NoConflicts", conflict?.Message ?? "no conflicts found", context.Now);
        if (conflict is null)
        {
            SetCondition(obj, "Established", true, "InitialNamesAccepted", "the initial names have been accepted", context.Now);
        }
        else if (!CustomResources.IsTrue(obj, "Established"))
        {
            SetCondition(obj, "Established", false, "NotAccepted", "not all names are accepted", context.Now);
        }
    }

    private static void SetCondition(KubeObject obj, string type, bool value, string reason, string message, DateTimeOffset now)
    {
        var status = obj.Json.ObjectAt("status");
        var conditions = status["conditions"] as JsonArray ?? [];
        var text = value ? "True" : "False";
        var before = conditions.FirstOrDefault(c => c.Text("type") == type);
        if (before is not null && before.Text("status") == text && before.Text("reason") == reason)
        {
            return;
        }

        var condition = new JsonObject
        {
            ["lastTransitionTime"] = KubeObject.FormatTime(now),
            ["message"] = message,
            ["reason"] = reason,
            ["status"] = text,
            ["type"] = type,
        };
        if (before is null)
        {
            conditions.Add(condition);
        }
        else
        {
            conditions[conditions.IndexOf(before)] = condition;
        }

        if (conditions.Parent is null)
        {
            status["conditions"] = conditions;
        }
    }
}
