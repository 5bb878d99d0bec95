using System.Globalization;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Admission;
using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Registry;

/// <summary>What a deletion led to.</summary>
/// <param name="Object">The object that is gone, or that is marked and waits.</param>
/// <param name="Gone">False when finalizers or a grace period still hold it.</param>
internal sealed record Deletion(StoredObject Object, bool Gone);

/// <summary>Deletes objects, or marks them as deleted while something still holds them.</summary>
/// <param name="services">What it needs.</param>
internal sealed class ObjectDeleter(RegistryServices services)
{
    private const string OrphanFinalizer = "orphan";
    private const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Deletes an object.</summary>
    /// <exception cref="StatusException">There is none, or the deletion was refused.</exception>
    public async Task<Deletion> DeleteAsync(ApiResource resource, ObjectKey key, DeletionOptions options, RegistryRequest request)
    {
        while (true)
        {
            var context = services.Context(request);
            var stored = context.Snapshot.Find(resource.StorageName, key) ?? throw StatusErrors.NotFound(resource.Type, key.Name);
            if (await TryDeleteAsync(resource, stored, options, context) is { } deletion)
            {
                return deletion;
            }
        }
    }

    /// <returns>Null when the object was changed meanwhile.</returns>
    private async Task<Deletion?> TryDeleteAsync(ApiResource resource, StoredObject stored, DeletionOptions options, RegistryContext context)
    {
        CheckPreconditions(resource, stored, options);
        var strategy = services.Strategies.For(resource);
        var obj = resource.ReadStored(stored);
        foreach (var plugin in services.Admission)
        {
            plugin.Validate(new AdmissionRequest(AdmissionOperation.Delete, resource, "", obj, obj, context));
        }

        var marked = Mark(obj, strategy, options, context.Now);
        var goes = obj.Finalizers.Count == 0 && obj.DeletionGracePeriodSeconds is null or 0 && strategy.CanGo(obj);
        if (!goes && !marked)
        {
            return new Deletion(stored, Gone: false);
        }

        var encoded = ObjectEncoder.Encode(obj);
        if (context.Request.DryRun)
        {
            return new Deletion(encoded.WithResourceVersion(stored.ResourceVersion), goes);
        }

        var result = await services.Store.WriteAsync(new StoreWrite(resource.StorageName, stored.Key, stored, goes ? null : encoded));
        return !result.Committed ? null
            : goes ? new Deletion(encoded.WithResourceVersion(result.Object!.ResourceVersion), Gone: true)
            : new Deletion(result.Object!, Gone: false);
    }

    /// <summary>Marks an object as deleted.</summary>
    /// <returns>True when that changed it.</returns>
    private static bool Mark(KubeObject obj, ObjectStrategy strategy, DeletionOptions options, DateTimeOffset now)
    {
        var changed = SetFinalizers(obj, strategy, options);
        var requested = options.GracePeriodSeconds < 0 ? 1 : options.GracePeriodSeconds;
        if (obj.DeletionTimestamp is { } deletion)
        {
            return Shorten(obj, deletion, requested, now) || changed;
        }

        var grace = strategy.GracePeriod(obj, requested) ?? 0;
        obj.DeletionTimestamp = now.AddSeconds(grace);
        obj.DeletionGracePeriodSeconds = grace;
        if (obj.Generation > 0)
        {
            obj.Generation++;
        }

        strategy.PrepareForDeletion(obj);
        return true;
    }

    // An object that is being deleted can only be asked to end sooner.
    private static bool Shorten(KubeObject obj, DateTimeOffset deletion, long? requested, DateTimeOffset now)
    {
        var grace = obj.DeletionGracePeriodSeconds ?? 0;
        if (requested is not { } period || period >= grace)
        {
            return false;
        }

        var earlier = deletion.AddSeconds(period - grace);
        if (earlier < now)
        {
            earlier = now;
            period = period == 0 ? 0 : 1;
        }

        obj.DeletionTimestamp = earlier;
        obj.DeletionGracePeriodSeconds = period;
        return true;
    }

    // The garbage collector acts on these finalizers and removes them.
    private static bool SetFinalizers(KubeObject obj, ObjectStrategy strategy, DeletionOptions options)
    {
        var before = obj.Finalizers;
        var propagation = options.Propagation
            ?? (before.Contains(OrphanFinalizer) ? Propagation.Orphan
                : before.Contains(ForegroundFinalizer) ? Propagation.Foreground
                : strategy.DefaultPropagation);
        string[] wanted = propagation switch
        {
            Propagation.Orphan => [OrphanFinalizer],
            Propagation.Foreground => [ForegroundFinalizer],
            _ => [],
        };
        var after = before.Where(f => f is not (OrphanFinalizer or ForegroundFinalizer) || wanted.Contains(f)).Union(wanted).ToList();
        if (after.SequenceEqual(before))
        {
            return false;
        }

        obj.Finalizers = after;
        return true;
    }

    private static void CheckPreconditions(ApiResource resource, StoredObject stored, DeletionOptions options)
    {
        if (options.Uid is { } uid && uid != stored.Uid)
        {
            throw StatusErrors.Conflict(
                resource.Type,
                stored.Key.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({stored.Uid}). The object might have been deleted and then recreated");
        }

        var version = stored.ResourceVersion.ToString(CultureInfo.InvariantCulture);
        if (options.ResourceVersion is { } wanted && wanted != version)
        {
            throw StatusErrors.Conflict(
                resource.Type,
                stored.Key.Name,
                $"the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({version}). The object might have been modified");
        }
    }
}
