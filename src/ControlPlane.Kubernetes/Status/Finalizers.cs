using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Status;

/// <summary>
/// Holds objects back from deletion until their outside effects are undone. Add first, before any effect; make the clean-up idempotent;
/// remove last.
/// </summary>
public sealed class Finalizers(KubeApi api, string fieldManager)
{
    private readonly WriteOptions _options = new() { FieldManager = fieldManager };

    /// <summary>Adds the finalizer if the object does not have it.</summary>
    /// <returns>True when it was added: reconcile again on the event that follows.</returns>
    /// <exception cref="KubeApiException">Conflict: the object changed meanwhile.</exception>
    public async Task<bool> AddAsync(ResourceType type, ObjectMeta metadata, string finalizer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.DeletionTimestamp is not null || metadata.Finalizers.Contains(finalizer))
        {
            return false;
        }

        await WriteAsync(type, metadata, [.. metadata.Finalizers, finalizer], cancellationToken);
        return true;
    }

    /// <summary>Removes the finalizer if the object has it, which lets it go if it is being deleted.</summary>
    /// <exception cref="KubeApiException">Conflict: the object changed meanwhile.</exception>
    public async Task RemoveAsync(ResourceType type, ObjectMeta metadata, string finalizer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.Finalizers.Contains(finalizer))
        {
            await WriteAsync(type, metadata, [.. metadata.Finalizers.Where(f => f != finalizer)], cancellationToken);
        }
    }

    private async Task WriteAsync(ResourceType type, ObjectMeta metadata, string[] finalizers, CancellationToken cancellationToken)
    {
        // Guarded by the version that we saw: two writers of this list must not undo each other. To replace it makes the API answer with a
        // conflict; a failed test would look like a patch that is wrong for ever.
        object[] patch =
        [
            new { op = "replace", path = "/metadata/resourceVersion", value = metadata.ResourceVersion },
            new { op = "add", path = "/metadata/finalizers", value = finalizers },
        ];
        var body = JsonSerializer.SerializeToUtf8Bytes(patch, JsonSerializerOptions.Web); // KubeJson would leave out an empty list
        try
        {
            await api.JsonPatchAsync(type, metadata.Key, body, _options, cancellationToken);
        }
        catch (KubeApiException e) when (e.IsNotFound && metadata.DeletionTimestamp is not null)
        {
            // Somebody else let it go.
        }
    }
}
