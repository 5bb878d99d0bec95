using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Applying;
using LocalCluster.Resources;
using LocalCluster.Schemas;
using LocalCluster.Schemas.BuiltIn;
using LocalCluster.Storage;

namespace LocalCluster.Registry;

/// <summary>How the cluster's own parts write objects: under the same rules as everybody, without HTTP.</summary>
/// <param name="catalogs">What is served.</param>
/// <param name="creator">Creates objects.</param>
/// <param name="updater">Changes them.</param>
/// <param name="deleter">Deletes them.</param>
/// <param name="fields">Keeps who owns which field.</param>
internal sealed class LocalClient(
    CatalogSource catalogs, ObjectCreator creator, ObjectUpdater updater, ObjectDeleter deleter, FieldManager fields)
{
    private const string Manager = "local-cluster";

    private static readonly RegistryRequest Request = new(new RequestUser("system:apiserver", ["system:masters"]), DryRun: false, static _ => { });

    /// <summary>Creates an object.</summary>
    /// <param name="storageName">Name under which objects of the kind are stored.</param>
    /// <param name="obj">The object.</param>
    /// <exception cref="Errors.StatusException">It was refused, or it exists.</exception>
    public Task<StoredObject> CreateAsync(string storageName, JsonObject obj)
    {
        var resource = Resource(storageName);
        var created = new KubeObject(obj) { ApiVersion = resource.Type.ApiVersion, Kind = resource.Type.Kind };
        ModelDecoding.Decode(obj, resource.Schema.Value);
        Defaulting.Apply(obj, resource.Schema.Value);
        fields.Update(resource, null, created, new FieldWrite(Manager, ""));
        return creator.CreateAsync(resource, created, Request);
    }

    /// <summary>Changes an object.</summary>
    /// <param name="storageName">Name under which objects of the kind are stored.</param>
    /// <param name="key">Namespace and name.</param>
    /// <param name="subresource">Part that is written; empty for the object itself.</param>
    /// <param name="change">Changes the object, in the stored version.</param>
    /// <exception cref="Errors.StatusException">There is none, or the change was refused.</exception>
    public Task UpdateAsync(string storageName, ObjectKey key, string subresource, Action<KubeObject> change)
    {
        var resource = Resource(storageName);
        return updater.UpdateAsync(
            new ObjectChange(resource, key, subresource, live =>
            {
                var obj = live!.Clone();
                change(obj);
                fields.Update(resource, live, obj, new FieldWrite(Manager, subresource));
                return obj;
            }),
            Request);
    }

    /// <summary>Deletes an object, if it is there.</summary>
    /// <exception cref="Errors.StatusException">The deletion was refused.</exception>
    public async Task DeleteAsync(string storageName, ObjectKey key, DeletionOptions options)
    {
        try
        {
            await deleter.DeleteAsync(Resource(storageName), key, options, Request);
        }
        catch (Errors.StatusException e) when (e.Code == 404)
        {
            // It is gone, which is what was wanted.
        }
    }

    private ApiResource Resource(string storageName) => catalogs.Current.FindStored(storageName)
        ?? throw new InvalidOperationException($"{storageName} is not served");
}
