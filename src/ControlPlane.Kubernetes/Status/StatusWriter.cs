using System.Text.Json;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Status;

/// <summary>Writes the status of custom resources, once per reconcile and only when it changed.</summary>
public sealed class StatusWriter(KubeApi api, WriteTracker tracker, RuntimeMetrics metrics, string fieldManager)
{
    private readonly WriteOptions _options = new() { FieldManager = fieldManager, Force = true, Subresource = "status" };

    /// <summary>Stores the status if it differs from the one that the object has.</summary>
    /// <returns>True when something was written.</returns>
    public async Task<bool> WriteAsync<TSpec, TStatus>(
        ResourceType type, CustomResource<TSpec, TStatus> current, TStatus status, CancellationToken cancellationToken)
        where TSpec : class, new()
        where TStatus : class
    {
        ArgumentNullException.ThrowIfNull(current);
        var wanted = JsonSerializer.SerializeToUtf8Bytes(status, KubeJson.Options);
        if (current.Status is { } known && wanted.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(known, KubeJson.Options)))
        {
            return false;
        }

        var key = current.Metadata.Key;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                apiVersion = type.ApiVersion,
                kind = type.Kind,
                metadata = new { name = key.Name, @namespace = key.Namespace, uid = current.Metadata.Uid },
                status,
            },
            KubeJson.Options);
        try
        {
            var stored = await api.ApplyAsync(type, key, body, _options, cancellationToken);
            metrics.Wrote(type.QualifiedName, "status");
            tracker.Wrote(type, key, stored, current.Metadata.ResourceVersion, fingerprint: "");
            return true;
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return false; // deleted meanwhile: there is nothing to report on
        }
    }
}
