using LocalCluster.Admission;
using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Registry;

/// <summary>Creates objects under the rules of their kind and of the cluster.</summary>
/// <param name="services">What it needs.</param>
internal sealed class ObjectCreator(RegistryServices services)
{
    /// <summary>True when replacing an object that does not exist creates it.</summary>
    public bool MayCreateOnUpdate(ApiResource resource) => services.Strategies.For(resource).AllowCreateOnUpdate;

    /// <summary>Creates an object.</summary>
    /// <param name="resource">Resource in the version of the object.</param>
    /// <param name="obj">The object, defaulted; it is changed on the way.</param>
    /// <param name="request">Who asks, and how.</param>
    /// <returns>The object as it is stored; after a dry run as it would be, without resource version.</returns>
    /// <exception cref="StatusException">It was refused.</exception>
    public async Task<StoredObject> CreateAsync(ApiResource resource, KubeObject obj, RegistryRequest request)
    {
        using var turn = await services.TakeTurnAsync(resource);
        var context = services.Context(request);
        var strategy = services.Strategies.For(resource);
        if (obj.ResourceVersion.Length > 0 && obj.ResourceVersion != "0")
        {
            throw StatusErrors.BadRequest("resourceVersion should not be set on objects to be created");
        }

        SystemMetadata.Wipe(obj);
        SystemMetadata.Fill(obj, context.Now);
        resource.Conversion.ToStored(obj);
        if (resource.HasStatus && !strategy.AcceptsStatusOnCreate)
        {
            obj.Json.Remove("status");
        }

        if (strategy.CountsGenerations)
        {
            obj.Generation = 1;
        }

        var admission = new AdmissionRequest(AdmissionOperation.Create, resource, "", obj, null, context);
        services.Mutate(admission);
        strategy.PrepareForCreate(obj, context);
        services.Validate(admission, strategy);
        var encoded = ObjectEncoder.Encode(obj);
        if (context.Snapshot.Find(resource.StorageName, encoded.Key) is not null)
        {
            throw StatusErrors.AlreadyExists(resource.Type, obj.Name);
        }

        if (request.DryRun)
        {
            return encoded;
        }

        var result = await services.Store.WriteAsync(new StoreWrite(resource.StorageName, encoded.Key, Expected: null, encoded));
        return result.Committed ? result.Object! : throw StatusErrors.AlreadyExists(resource.Type, obj.Name);
    }
}
