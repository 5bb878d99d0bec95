using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Status;
using Gateway.Planning;
using Gateway.Reporting;
using Gateway.Resources;

namespace Gateway.Hosting;

/// <summary>Writes the status of GatewayClasses that choose this gateway.</summary>
internal sealed class GatewayClassReconciler(ClusterCaches caches, string controllerName, StatusDuty duty, StatusWriter writer, TimeProvider time) : IReconciler
{
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (duty.IsOurs && caches.ClassInformer.Cache.Find(request.Key) is { } item && item.Spec.ControllerName == controllerName)
        {
            var status = StatusPlanner.OfClass(item);
            var conditions = Conditions.Update(item.Status?.Conditions ?? [], status.Conditions, item.Metadata.Generation, time.GetUtcNow());
            await writer.WriteAsync(GatewayApi.GatewayClasses, item, status with { Conditions = conditions }, cancellationToken);
        }

        return ReconcileResult.Done;
    }
}

/// <summary>Writes the status of Gateways.</summary>
internal sealed class GatewayReconciler(ClusterCaches caches, Func<RoutingPlan> plan, ISocketStates sockets, StatusDuty duty, StatusWriter writer, WriteTracker tracker, TimeProvider time) : IReconciler
{
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        var current = plan();
        if (!duty.IsOurs
            || caches.GatewayInformer.Cache.Find(request.Key) is not { } gateway
            || !current.Gateways.TryGetValue(request.Key, out var planned)
            || planned.Resource.Metadata.Generation != gateway.Metadata.Generation // not planned yet: it comes again once it is
            || tracker.IsStale(GatewayApi.Gateways, request.Key, gateway.Metadata.ResourceVersion))
        {
            return ReconcileResult.Done;
        }

        var (status, before, now) = (StatusPlanner.OfGateway(planned, current.Attached, sockets), gateway.Status ?? new(), time.GetUtcNow());
        var generation = gateway.Metadata.Generation;
        await writer.WriteAsync(
            GatewayApi.Gateways,
            gateway,
            status with
            {
                Conditions = Conditions.Update(before.Conditions, status.Conditions, generation, now),
                Listeners = [.. status.Listeners.Select(listener => listener with
                {
                    Conditions = Conditions.Update(
                        before.Listeners.FirstOrDefault(old => old.Name == listener.Name)?.Conditions ?? [], listener.Conditions, generation, now),
                })],
            },
            cancellationToken);
        return ReconcileResult.Done;
    }
}

/// <summary>Writes what this gateway has to say in the status of HTTPRoutes, and leaves what others say.</summary>
internal sealed class HttpRouteReconciler(
    ClusterCaches caches, string controllerName, Func<RoutingPlan> plan, Shortfalls shortfalls, StatusDuty duty, StatusWriter writer, WriteTracker tracker, TimeProvider time) : IReconciler
{
    public async ValueTask<ReconcileResult> ReconcileAsync(ReconcileRequest request, CancellationToken cancellationToken)
    {
        if (!duty.IsOurs
            || caches.RouteInformer.Cache.Find(request.Key) is not { } route
            || !plan().Routes.TryGetValue(request.Key, out var planned)
            || planned.Resource.Metadata.Generation != route.Metadata.Generation
            || tracker.IsStale(GatewayApi.HttpRoutes, request.Key, route.Metadata.ResourceVersion))
        {
            return ReconcileResult.Done;
        }

        var before = route.Status?.Parents ?? [];
        var others = before.Where(parent => parent.ControllerName != controllerName).ToList();
        if (planned.Parents.Count == 0 && others.Count == before.Count)
        {
            return ReconcileResult.Done; // none of our business, now and before
        }

        var (now, shortfall) = (time.GetUtcNow(), Shortfall(planned));
        var own = planned.Parents.Select(parent => parent with
        {
            Conditions = Conditions.Update(
                before.FirstOrDefault(old => old.ControllerName == controllerName && old.ParentRef == parent.ParentRef)?.Conditions ?? [],
                [.. parent.Conditions, .. shortfall],
                route.Metadata.Generation,
                now),
        });
        await writer.WriteAsync(GatewayApi.HttpRoutes, route, new HttpRouteStatus { Parents = [.. others, .. own] }, cancellationToken);
        return ReconcileResult.Done;
    }

    /// <summary>Said only while something is short: what policies need is not the Gateway API's business.</summary>
    private IEnumerable<Condition> Shortfall(PlannedRoute planned) =>
        planned.Services.Order(ObjectKey.ListOrder).SelectMany(service => shortfalls.Of(service).Select(message => $"{service}: {message}")).ToList() is { Count: > 0 } messages
            ? [PlannedCondition.False(GatewayConditions.PoliciesHonoured, GatewayConditions.Shortfall, string.Join("; ", messages))]
            : [];
}
