using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Controllers.Endpoints;

/// <summary>Publishes which pods serve a Service: as EndpointSlices, and as Endpoints for clients that know nothing newer.</summary>
/// <param name="caches">What is known of the cluster.</param>
/// <param name="writer">Writes.</param>
internal sealed class EndpointReconciler(WorkloadCaches caches, ObjectWriter writer) : IReconciler
{
    private const string ExternalName = "ExternalName";

    /// <inheritdoc/>
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        var service = caches.Services.Cache.Find(request.Key);
        if (service is null)
        {
            await DeleteLegacyAsync(request.Key, cancellationToken);
            return ReconcileResult.Done; // the garbage collector takes the slices
        }

        if (service.Metadata.DeletionTimestamp is not null || service.Spec.Selector.Count == 0 || service.Spec.Type == ExternalName)
        {
            return ReconcileResult.Done; // without a selector, whoever made the Service says what its endpoints are
        }

        var groups = EndpointGroup.Of(
            service, caches.PodsByNamespace.Get(service.Metadata.Namespace), name => caches.Nodes.Cache.Find(new ObjectKey("", name)));
        await WriteSlicesAsync(service, groups, cancellationToken);
        await WriteLegacyAsync(service, groups, cancellationToken);
        return ReconcileResult.Done;
    }

    private async Task WriteSlicesAsync(Service service, IReadOnlyList<EndpointGroup> groups, CancellationToken cancellationToken)
    {
        var plan = SlicePlanner.Plan(service, groups, caches.SlicesByService.Get(service.Metadata.Key.ToString()));
        foreach (var slice in plan.Created)
        {
            var body = Content(slice);
            body["addressType"] = slice.AddressType;
            body["metadata"]!["name"] = slice.Metadata.Name;
            body["metadata"]!["ownerReferences"] = new JsonArray(OwnerReferences.Controller(KnownResources.Services, service.Metadata));
            await writer.CreateAsync(KnownResources.EndpointSlices, service.Metadata.Namespace, body, cancellationToken);
        }

        foreach (var (before, after) in plan.Kept)
        {
            if (MergeDiff.Between(Content(before), Content(after)) is { } changes)
            {
                await writer.PatchAsync(KnownResources.EndpointSlices, before.Metadata, changes, cancellationToken);
            }
        }

        foreach (var slice in plan.Deleted)
        {
            await writer.DeleteAsync(KnownResources.EndpointSlices, slice.Metadata, gracePeriod: null, cancellationToken);
        }
    }

    private async Task WriteLegacyAsync(Service service, IReadOnlyList<EndpointGroup> groups, CancellationToken cancellationToken)
    {
        var wanted = Content(LegacyEndpointsPlanner.Plan(service, groups));
        if (caches.Endpoints.Cache.Find(service.Metadata.Key) is not { } known)
        {
            wanted["metadata"]!["name"] = service.Metadata.Name;
            await writer.CreateAsync(WorkloadKinds.Endpoints, service.Metadata.Namespace, wanted, cancellationToken);
        }
        else if (MergeDiff.Between(Content(known), wanted) is { } changes)
        {
            await writer.PatchAsync(WorkloadKinds.Endpoints, known.Metadata, changes, cancellationToken);
        }
    }

    private async Task DeleteLegacyAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (caches.Endpoints.Cache.Find(key) is { } left && LegacyEndpointsPlanner.IsManaged(left))
        {
            await writer.DeleteAsync(WorkloadKinds.Endpoints, left.Metadata, gracePeriod: null, cancellationToken);
        }
    }

    private static JsonObject Content(EndpointSlice slice) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = ObjectWriter.ToJson(slice.Metadata.Labels) },
        ["endpoints"] = new JsonArray([.. slice.Endpoints.Select(ObjectWriter.ToJson)]),
        ["ports"] = new JsonArray([.. slice.Ports.Select(ObjectWriter.ToJson)]),
    };

    private static JsonObject Content(LegacyEndpoints endpoints)
    {
        var content = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = ObjectWriter.ToJson(endpoints.Metadata.Labels) } };
        if (endpoints.Subsets.Count > 0)
        {
            content["subsets"] = new JsonArray([.. endpoints.Subsets.Select(ObjectWriter.ToJson)]);
        }

        return content;
    }
}
