using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Admission;
using LocalCluster.Applying;
using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Registry;

/// <summary>A change of one object.</summary>
/// <param name="Resource">Resource in the version that the change works on.</param>
/// <param name="Key">Namespace and name.</param>
/// <param name="Subresource">Part of the object that is written; empty for the object itself.</param>
/// <param name="Change">
/// Computes the new object from a copy of the stored one, which it may change; from null when there is none. It is called again when
/// somebody else was faster.
/// </param>
/// <param name="MayCreate">True when the object is created if there is none.</param>
internal sealed record ObjectChange(
    ApiResource Resource, ObjectKey Key, string Subresource, Func<KubeObject?, KubeObject> Change, bool MayCreate = false);

/// <summary>Changes objects under the rules of their kind and of the cluster.</summary>
/// <param name="services">What it needs.</param>
/// <param name="creator">Creates what does not exist.</param>
internal sealed class ObjectUpdater(RegistryServices services, ObjectCreator creator)
{
    /// <summary>Changes an object, from its newest version.</summary>
    /// <returns>The object as it is stored, or as it would be; and whether it is new.</returns>
    /// <exception cref="StatusException">The change was refused.</exception>
    public async Task<(StoredObject Object, bool Created)> UpdateAsync(ObjectChange change, RegistryRequest request)
    {
        while (services.Store.Current.Find(change.Resource.StorageName, change.Key) is not null)
        {
            using var turn = await services.TakeTurnAsync(change.Resource);
            var context = services.Context(request);
            if (context.Snapshot.Find(change.Resource.StorageName, change.Key) is { } stored
                && await TryUpdateAsync(change, stored, context) is { } updated)
            {
                return (updated, false);
            }
        }

        return change.MayCreate
            ? (await creator.CreateAsync(change.Resource, change.Change(null), request), true)
            : throw StatusErrors.NotFound(change.Resource.Type, change.Key.Name);
    }

    /// <returns>Null when somebody else was faster.</returns>
    private async Task<StoredObject?> TryUpdateAsync(ObjectChange change, StoredObject stored, RegistryContext context)
    {
        var resource = change.Resource;
        var strategy = services.Strategies.For(resource);
        var obj = change.Change(resource.Read(stored));
        CheckPreconditions(resource, strategy, obj, stored);
        resource.Conversion.ToStored(obj);
        var old = resource.ReadStored(stored);
        SystemMetadata.Keep(obj, old);
        var admission = new AdmissionRequest(AdmissionOperation.Update, resource, change.Subresource, obj, old, context);
        services.Mutate(admission);
        Prepare(change, strategy, obj, old, context);
        if (strategy.CountsGenerations && change.Subresource != "status" && !strategy.SameDesiredState(obj, old))
        {
            obj.Generation = old.Generation + 1;
        }

        services.Validate(admission, strategy);
        if (SameObject(obj, old))
        {
            return stored;
        }

        await services.ClaimAsync(admission);
        return await StoreAsync(resource, stored, obj, strategy, context.Request);
    }

    private static void Prepare(ObjectChange change, ObjectStrategy strategy, KubeObject obj, KubeObject old, RegistryContext context)
    {
        switch (change.Subresource)
        {
            case "":
                KeepStatus(obj, old, change.Resource);
                strategy.PrepareForUpdate(obj, old, context);
                break;
            case "status":
                KeepAllButStatus(obj, old, change.Resource);
                strategy.PrepareForSubresourceUpdate("status", obj, old, context);
                break;
            default:
                strategy.PrepareForSubresourceUpdate(change.Subresource, obj, old, context);
                break;
        }
    }

    private async Task<StoredObject?> StoreAsync(
        ApiResource resource, StoredObject stored, KubeObject obj, ObjectStrategy strategy, RegistryRequest request)
    {
        var encoded = ObjectEncoder.Encode(obj);
        if (request.DryRun)
        {
            return encoded.WithResourceVersion(stored.ResourceVersion);
        }

        // The last finalizer of an object that is being deleted was removed: nothing holds it any more.
        var goes = obj.DeletionTimestamp is not null && obj.Finalizers.Count == 0
            && obj.DeletionGracePeriodSeconds is null or 0 && strategy.CanGo(obj);
        var result = await services.Store.WriteAsync(new StoreWrite(resource.StorageName, stored.Key, stored, goes ? null : encoded));
        return !result.Committed ? null
            : goes ? encoded.WithResourceVersion(result.Object!.ResourceVersion)
            : result.Object;
    }

    private static void CheckPreconditions(ApiResource resource, ObjectStrategy strategy, KubeObject obj, StoredObject stored)
    {
        var version = obj.ResourceVersion;
        if (version is "" or "0")
        {
            if (!strategy.AllowUnconditionalUpdate)
            {
                throw StatusErrors.Invalid(
                    resource.Type,
                    stored.Key.Name,
                    [Schemas.FieldError.Invalid("metadata.resourceVersion", 0, "must be specified for an update")]);
            }
        }
        else if (version != stored.ResourceVersion.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            throw StatusErrors.Conflict(resource.Type, stored.Key.Name, StatusErrors.ObjectModified);
        }

        if (obj.Uid.Length > 0 && obj.Uid != stored.Uid)
        {
            throw StatusErrors.Conflict(
                resource.Type,
                stored.Key.Name,
                $"Precondition failed: UID in precondition: {obj.Uid}, UID in object meta: {stored.Uid}");
        }
    }

    private static void KeepStatus(KubeObject obj, KubeObject old, ApiResource resource)
    {
        if (resource.HasStatus)
        {
            Copy("status", old, obj);
        }
    }

    private static void KeepAllButStatus(KubeObject obj, KubeObject old, ApiResource resource)
    {
        foreach (var name in obj.Json.Select(p => p.Key).Union(old.Json.Select(p => p.Key)).ToList())
        {
            if (name is not ("metadata" or "status"))
            {
                Copy(name, old, obj);
            }
        }

        if (resource.IsCustom)
        {
            var managers = obj.Metadata["managedFields"]?.DeepClone();
            obj.Json["metadata"] = old.Metadata.DeepClone();
            obj.Set("managedFields", managers);
        }
    }

    private static void Copy(string name, KubeObject from, KubeObject to)
    {
        if (from.Json.TryGetPropertyValue(name, out var value))
        {
            to.Json[name] = value?.DeepClone();
        }
        else
        {
            to.Json.Remove(name);
        }
    }

    private static bool SameObject(KubeObject obj, KubeObject old)
    {
        obj.ResourceVersion = old.ResourceVersion;
        ManagedFieldTimes.KeepIfAlone(obj, old);
        return JsonNode.DeepEquals(obj.Json, old.Json);
    }
}
