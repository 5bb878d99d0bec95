using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>Who writes an object, and through which path.</summary>
/// <param name="Manager">Name of the field manager.</param>
/// <param name="Subresource">Subresource of the path; empty for the object itself.</param>
internal sealed record FieldWrite(string Manager, string Subresource);

/// <summary>Keeps <c>metadata.managedFields</c> under the rules of kube-apiserver.</summary>
/// <param name="catalogs">What is served.</param>
/// <param name="clock">Time.</param>
internal sealed class FieldManager(CatalogSource catalogs, TimeProvider clock)
{
    private const string BeforeFirstApply = "before-first-apply";
    private const string Kubectl = "kubectl";

    private static readonly FieldSet SystemFields = FieldSet.Of(
    [
        ["f:apiVersion"], ["f:kind"], ["f:metadata"], .. new[]
        {
            "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion",
        }.Select(name => (string[])["f:metadata", $"f:{name}"]),
    ]);

    private static readonly FieldSet Nothing = new();
    private static readonly FieldSet Status = FieldSet.Of(["f:status"]);
    private static readonly FieldSet Spec = FieldSet.Of(["f:spec"]);
    private static readonly FieldSet MetadataAndSpec = FieldSet.Of(["f:metadata"], ["f:spec"]);

    /// <summary>Takes note of a create, a replacement or a patch.</summary>
    /// <param name="resource">Resource in the version of the request.</param>
    /// <param name="live">The object before it; null for a new one.</param>
    /// <param name="obj">The object after it. It gets its <c>managedFields</c>.</param>
    /// <param name="write">Who writes.</param>
    public void Update(ApiResource resource, KubeObject? live, KubeObject obj, FieldWrite write)
    {
        var managed = Requested(live, obj, write);
        obj.Set("managedFields", null);

        // An object of which nobody applied anything, and whose owners were reset, stays without owners.
        if (managed.Owners.Count == 0 && live is not null)
        {
            return;
        }

        var writer = FieldWriter.Updater(write.Manager, resource.Type.ApiVersion, write.Subresource);
        Track(resource, live?.Json ?? ZeroObject.Of(resource), obj.Json, managed, writer);
        UpdateEntryLimit.Enforce(managed);
        obj.Set("managedFields", managed.Write());
    }

    /// <summary>Applies a configuration.</summary>
    /// <param name="resource">Resource in the version of the request.</param>
    /// <param name="live">The object before it; null for a new one.</param>
    /// <param name="config">What is applied.</param>
    /// <param name="write">Who applies.</param>
    /// <param name="force">True to take fields from others.</param>
    /// <returns>The object after it, with its <c>managedFields</c>.</returns>
    /// <exception cref="ApplyConflictException">Others own fields with other values.</exception>
    /// <exception cref="ApplyConfigException">The configuration is no object of the kind.</exception>
    public KubeObject Apply(ApiResource resource, KubeObject? live, JsonObject config, FieldWrite write, bool force)
    {
        AppliedConfig.Check(config, resource.MergeSchema);
        var before = live?.Clone() ?? Empty(resource);
        var managed = ManagedFields.Read(before.Metadata["managedFields"] as JsonArray) ?? new ManagedFields();
        before.Set("managedFields", null);
        if (managed.Owners.Count == 0 && live is not null)
        {
            var writer = FieldWriter.Updater(BeforeFirstApply, resource.Type.ApiVersion, write.Subresource);
            Track(resource, ZeroObject.Of(resource), before.Json, managed, writer);
        }

        var result = ApplyAs(resource, before.Json, config, managed, write, force);
        var obj = new KubeObject(result);
        UpdateEntryLimit.Enforce(managed);
        obj.Set("managedFields", managed.Write());
        if (write.Manager == Kubectl)
        {
            LastApplied.Sync(obj, config);
        }

        return obj;
    }

    private JsonObject ApplyAs(ApiResource resource, JsonObject before, JsonObject config, ManagedFields managed, FieldWrite write, bool force)
    {
        var applier = FieldWriter.Applier(write.Manager, write.Subresource);
        var ownership = Ownership(resource, write.Subresource);
        JsonObject result;
        try
        {
            result = ownership.Apply(before, config, managed, applier, force);
        }
        catch (ApplyConflictException e) when (write.Manager == Kubectl
            && e.All.Except(LastApplied.Fields(before, resource)).IsEmpty)
        {
            // kubectl itself set these fields, by client-side apply: it may go on by server-side apply.
            result = ownership.Apply(before, config, managed, applier, force: true);
        }

        if (managed[applier] is { } owned)
        {
            managed[applier] = owned with
            {
                Fields = owned.Fields.Except(SystemFields),
                Time = JsonNode.DeepEquals(before, result) ? owned.Time : KubeObject.FormatTime(clock.GetUtcNow()),
            };
        }

        return result;
    }

    private void Track(ApiResource resource, JsonObject live, JsonObject updated, ManagedFields managed, FieldWriter writer)
    {
        var before = (JsonObject)live.DeepClone();
        (before["metadata"] as JsonObject)?.Remove("managedFields");
        if (Ownership(resource, writer.Subresource).Update(before, updated, managed, writer) && managed[writer] is { } owned)
        {
            managed[writer] = owned with
            {
                Fields = owned.Fields.Except(SystemFields),
                Time = KubeObject.FormatTime(clock.GetUtcNow()),
            };
        }
    }

    private FieldOwnership Ownership(ApiResource resource, string subresource) =>
        new(new CatalogVersionViews(catalogs.Current, resource), resource.Type.ApiVersion, Ignored(resource, subresource));

    private static FieldSet Ignored(ApiResource resource, string subresource) =>
        subresource != "status" ? (resource.HasStatus ? Status : Nothing)
        : resource.IsCustom ? MetadataAndSpec
        : Spec;

    private static ManagedFields Requested(KubeObject? live, KubeObject obj, FieldWrite write)
    {
        var liveEntries = live?.Metadata["managedFields"] as JsonArray;
        if (write.Subresource.Length == 0 && obj.Metadata["managedFields"] is JsonArray requested)
        {
            // An empty list, or one empty entry, asks to forget all owners.
            if (requested is [] or [JsonObject { Count: 0 }])
            {
                return new ManagedFields();
            }

            if (ManagedFields.Read(requested) is { Owners.Count: > 0 } managed)
            {
                return managed;
            }
        }

        return ManagedFields.Read(liveEntries) ?? new ManagedFields();
    }

    private static KubeObject Empty(ApiResource resource) =>
        new(new JsonObject { ["apiVersion"] = resource.Type.ApiVersion, ["kind"] = resource.Type.Kind, ["metadata"] = new JsonObject() });
}
