using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Workloads;

/// <summary>
/// Writes what controllers and the node agent change of objects that others declare: only the fields that differ, and nothing when none does.
/// </summary>
/// <param name="api">The cluster.</param>
/// <param name="fieldManager">Name under which the API records who wrote.</param>
internal sealed class ObjectWriter(KubeApi api, string fieldManager)
{
    private readonly WriteOptions _object = new() { FieldManager = fieldManager };
    private readonly WriteOptions _status = new() { FieldManager = fieldManager, Subresource = "status" };

    /// <summary>Creates an object and returns it as stored.</summary>
    public Task<byte[]> CreateAsync(ResourceType type, string ns, JsonObject body, CancellationToken cancellationToken)
    {
        body["apiVersion"] = type.ApiVersion;
        body["kind"] = type.Kind;
        return api.CreateAsync(type, ns, ToBytes(body), _object, cancellationToken);
    }

    /// <summary>Creates a subresource of an object.</summary>
    public Task CreateSubresourceAsync(ResourceType type, ObjectKey key, string subresource, JsonObject body, CancellationToken cancellationToken) =>
        api.CreateSubresourceAsync(type, key, ToBytes(body), _object with { Subresource = subresource }, cancellationToken);

    /// <summary>Changes fields of an object that is still as it was seen.</summary>
    /// <exception cref="KubeApiException">Conflict: it is not.</exception>
    public Task PatchAsync(ResourceType type, ObjectMeta seen, JsonObject changes, CancellationToken cancellationToken) =>
        api.MergePatchAsync(type, seen.Key, ToBytes(Guarded(seen, changes)), _object, cancellationToken);

    /// <summary>Changes fields through a subresource such as <c>scale</c>.</summary>
    public Task PatchSubresourceAsync(ResourceType type, ObjectKey key, string subresource, JsonObject changes, CancellationToken cancellationToken) =>
        api.MergePatchAsync(type, key, ToBytes(changes), _object with { Subresource = subresource }, cancellationToken);

    /// <summary>Reports the status of an object that is still as it was seen.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="seen">The object.</param>
    /// <param name="before">The status that it has.</param>
    /// <param name="now">The status that it should have.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The version that was stored; null when there was nothing to write.</returns>
    /// <exception cref="KubeApiException">Conflict: it is not as it was seen.</exception>
    public Task<string?> WriteStatusAsync<TStatus>(ResourceType type, ObjectMeta seen, TStatus? before, TStatus now, CancellationToken cancellationToken)
        where TStatus : class =>
        WriteStatusAsync(type, seen, annotations: null, before, now, cancellationToken);

    /// <summary>Reports the status of an object and, with it, annotations that speak of the status.</summary>
    public async Task<string?> WriteStatusAsync<TStatus>(
        ResourceType type, ObjectMeta seen, JsonObject? annotations, TStatus? before, TStatus now, CancellationToken cancellationToken)
        where TStatus : class
    {
        var changes = StatusDiff(before, now);
        if (changes is null && annotations is null)
        {
            return null;
        }

        var body = new JsonObject();
        if (changes is not null)
        {
            body["status"] = changes;
        }

        if (annotations is not null)
        {
            body["metadata"] = new JsonObject { ["annotations"] = annotations };
        }

        return ObjectHeader.Read(await api.MergePatchAsync(type, seen.Key, ToBytes(Guarded(seen, body)), _status, cancellationToken)).ResourceVersion;
    }

    /// <summary>What of a status differs; null when nothing does.</summary>
    public static JsonObject? StatusDiff<TStatus>(TStatus? before, TStatus now)
        where TStatus : class =>
        MergeDiff.Between(before is null ? [] : ToJson(before), ToJson(now));

    /// <summary>Deletes an object if it is still this one.</summary>
    /// <returns>False when it was gone.</returns>
    public Task<bool> DeleteAsync(ResourceType type, ObjectMeta seen, TimeSpan? gracePeriod, CancellationToken cancellationToken) =>
        api.DeleteAsync(type, seen.Key, new DeletePreconditions(seen.Uid), gracePeriod, cancellationToken);

    /// <summary>A value as the API gets it.</summary>
    public static JsonObject ToJson<T>(T value) => JsonSerializer.SerializeToNode(value, WorkloadJson.Options)!.AsObject();

    /// <summary>
    /// The change with what makes the API refuse it if the object is another one than was seen, or another version. What was seen without
    /// uid or version may have any.
    /// </summary>
    private static JsonObject Guarded(ObjectMeta seen, JsonObject changes)
    {
        var metadata = changes["metadata"] as JsonObject ?? [];
        changes["metadata"] = metadata;
        if (seen.Uid is { } uid)
        {
            metadata["uid"] = uid;
        }

        if (seen.ResourceVersion is { } version)
        {
            metadata["resourceVersion"] = version;
        }

        return changes;
    }

    private static byte[] ToBytes(JsonObject body) => JsonSerializer.SerializeToUtf8Bytes(body, WorkloadJson.Options);
}
