using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace Operators.Tests.Cluster;

public sealed class FleetCachesTests : IDisposable
{
    private readonly KnownFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData("order", "order", "order")]
    [InlineData("order", null, "order")]
    [InlineData("order", "search", "order")]
    [InlineData(null, "order", "order")]
    [InlineData(null, null, null)]
    public void An_owned_object_is_for_its_owner_and_by_its_label_only_without_one(string? owner, string? label, string? service)
    {
        var item = _fleet.Own(KnownResources.Services, Item(owner is null ? null : $"{{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: ManagedService, name: {owner}, uid: u}}", label));

        Assert.Equal(service, FleetCaches.ServiceOf(item)?.Name);
        Assert.Equal(service is null ? 0 : 1, _fleet.Caches.OwnedBy(Samples.Key("order")).Count);
        Assert.Empty(_fleet.Caches.OwnedBy(Samples.Key("search")));
    }

    [Fact]
    public void An_object_that_another_controller_owns_is_no_services_whatever_its_label()
    {
        _fleet.Own(KnownResources.Services, Item("{apiVersion: apps/v1, kind: Deployment, name: order, uid: u}", "order"));

        Assert.Empty(_fleet.Caches.OwnedBy(Samples.Key("order")));
    }

    [Fact]
    public void The_front_and_the_workload_of_an_adopting_service_are_those_that_it_names()
    {
        var service = Samples.Adopting("order");
        service = service with { Spec = service.Spec with { WorkloadRef = new WorkloadReference { Kind = "StatefulSet", Name = "order-db", Service = "order-front" } } };

        Assert.Equal("shop/order-front", FleetCaches.FrontKey(service).ToString());
        Assert.Equal("StatefulSet shop/order-db", FleetCaches.WorkloadKeyOf(service).ToString());
    }

    [Fact]
    public void The_front_and_the_workload_of_a_service_that_is_run_have_its_name_or_those_declared()
    {
        var service = Samples.Service("order");
        var renamed = service.With(workload => workload with { ObjectNames = new WorkloadObjectNames { Deployment = "order-app", Service = "order-front" } });

        Assert.Equal(("shop/order", "Deployment shop/order"), (FleetCaches.FrontKey(service).ToString(), FleetCaches.WorkloadKeyOf(service).ToString()));
        Assert.Equal(("shop/order-front", "Deployment shop/order-app"), (FleetCaches.FrontKey(renamed).ToString(), FleetCaches.WorkloadKeyOf(renamed).ToString()));
    }

    private static System.Text.Json.Nodes.JsonObject Item(string? owner, string? label) => Samples.Json($$"""
        apiVersion: v1
        kind: Service
        metadata:
          name: front
          namespace: shop
          labels: { {{(label is null ? "" : $"{FleetApi.InventoryLabel}: {label}")}} }
          ownerReferences: [{{owner?.Replace("uid: u", "uid: u, controller: true", StringComparison.Ordinal)}}]
        """);
}
