using System.Text;
using LocalCluster.Storage;

namespace LocalCluster.Tests.Storage;

/// <summary>Objects as the store takes them.</summary>
internal static class Objects
{
    public static StoredObject New(string name, string ns = "default", string data = "", string? owner = null)
    {
        var owners = owner is null ? "" : $$""","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"o","uid":"{{owner}}"}]""";
        return StoredObject.Read(Encoding.UTF8.GetBytes(
            $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","uid":"{{{name}}}-uid","resourceVersion":"0"{{{owners}}}},"data":{"k":"{{{data}}}"}}"""));
    }

    public static string Text(this StoredObject obj) => Encoding.UTF8.GetString(obj.Json);

    public static async Task<StoredObject> PutAsync(this ObjectStore store, StoredObject obj, string resource = "configmaps")
    {
        var result = await store.WriteAsync(new StoreWrite(resource, obj.Key, store.Current.Find(resource, obj.Key), obj));
        Assert.True(result.Committed);
        return result.Object!;
    }

    public static Task<StoreResult> RemoveAsync(this ObjectStore store, StoredObject obj, string resource = "configmaps") =>
        store.WriteAsync(new StoreWrite(resource, obj.Key, store.Current.Find(resource, obj.Key), null));
}
