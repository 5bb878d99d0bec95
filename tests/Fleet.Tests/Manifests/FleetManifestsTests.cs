using System.Net;
using ControlPlane.Kubernetes.Resources;
using Fleet.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Tests.Manifests;

/// <summary>The example fleet as it is declared, against itself and against the code that its images run.</summary>
public sealed class FleetManifestsTests
{
    public static TheoryData<string> Names => new(FleetManifests.Services.Select(s => s.Metadata.Name));

    [Fact]
    public void Every_service_of_the_code_is_declared() =>
        Assert.Equal(FleetImages.Services.Select(s => s.Name).Order(), FleetManifests.Services.Select(s => s.Metadata.Name).Order());

    [Fact]
    public void Kustomize_takes_in_every_file() => Assert.Equal(
        FleetManifests.Files.Where(f => f != "kustomization.yaml"),
        FleetManifests.Read("kustomization.yaml").Json["resources"]!.AsArray().Select(r => r!.GetValue<string>()).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_declaration_is_of_the_api_and_complete(string name)
    {
        var service = Named(name);

        Assert.Equal($"{FleetApi.Group}/{FleetApi.Version}", service.ApiVersion);
        Assert.Equal("shop", service.Metadata.Namespace);
        var spec = service.Spec;
        Assert.All(
            [
                spec.Description, spec.Owner.Team, spec.Owner.Email, spec.BoundedContext, spec.Capability,
                spec.Technology?.Language, spec.Slo?.Availability, spec.Cost?.Center,
            ],
            text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.NotEmpty(spec.Datastores);
        Assert.NotEmpty(spec.Slo!.Latency);
        Assert.Equal("INR", spec.Cost!.MonthlyBudget!.Currency);
        Assert.Equal("/health", spec.HealthCheck!.Path);
        Assert.Equal("/openapi/v1.json", Assert.Single(spec.Contracts!.Apis).Path);
        Assert.Equal(["asia-south1-a", "asia-south1-b", "asia-south1-c"], spec.Workload!.Placement!.Zones);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_image_is_the_service_and_the_instances_fit_a_laptop(string name)
    {
        var workload = Named(name).Spec.Workload!;

        Assert.True(FleetImages.TryGetService(workload.Image!, out var service, out _));
        Assert.Equal(name, service.Name);
        Assert.InRange(workload.Replicas, 2, 3);
        Assert.Equal(workload.Replicas, workload.Autoscaling.MinReplicas);
        Assert.True(workload.Autoscaling.MaxReplicas > workload.Autoscaling.MinReplicas);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ports_and_variables_are_unique(string name)
    {
        var workload = Named(name).Spec.Workload!;

        Assert.Distinct(workload.Ports.Select(p => p.Port));
        Assert.Distinct(workload.Ports.Select(p => p.Name));
        Assert.Distinct(workload.Env.Select(e => e.Name));
    }

    /// <summary>What the manifest says of dependencies is what the code calls, and where.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Declared_dependencies_are_those_of_the_code(string name)
    {
        var spec = Named(name).Spec;
        var code = FleetImages.Services.Single(s => s.Name == name).Dependencies;

        Assert.Equal(code.Select(d => (d.Name, d.Optional)).Order(), spec.DependsOn.Select(d => (d.Name, d.Optional)).Order());
        Assert.All(code, d => Assert.Equal(
            $"http://{d.Name}.shop.svc:8080", Assert.Single(spec.Workload!.Env, e => e.Name == d.Name.ToUpperInvariant() + "_URL").Value));
    }

    [Fact]
    public void Dependencies_exist_and_go_in_no_circle()
    {
        var dependencies = FleetManifests.Services.ToDictionary(s => s.Metadata.Name, s => s.Spec.DependsOn.Select(d => d.Name).ToHashSet());
        Assert.All(dependencies, s => Assert.Subset(dependencies.Keys.ToHashSet(), s.Value));

        // Take away, again and again, what depends on nothing that is left; a circle would stay.
        while (dependencies.Where(s => !s.Value.Overlaps(dependencies.Keys)).Select(s => s.Key).ToArray() is { Length: > 0 } leaves)
        {
            Array.ForEach(leaves, leaf => dependencies.Remove(leaf));
        }

        Assert.Empty(dependencies);
    }

    /// <summary>What the manifest says that a service waits for is what its code does something about.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Declared_subscriptions_are_those_of_the_code(string name)
    {
        await using var app = FleetHost.Build(FleetServices.Named(name), new FleetInstance
        {
            Name = name, Namespace = "shop", Node = "", Zone = "", Version = "1.0.0", Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Log = static _ => { },
        });

        Assert.Equal(
            app.Services.GetServices<Fleet.Hosting.Events.IEventHandler>().SelectMany(h => h.Types, (h, type) => $"{h.Topic}/{type}").Order(StringComparer.Ordinal),
            Events(Named(name).Spec.Contracts!.Subscribes).Order(StringComparer.Ordinal));
    }

    /// <summary>Calls go through the gateway for the host of the called service; a route must take that host, and the paths that are called.</summary>
    [Fact]
    public void Every_service_that_is_called_has_a_route_for_its_host_in_the_cluster()
    {
        var routes = FleetManifests.ReadAll("service-routes.yaml");

        Assert.Equal(
            FleetImages.Services.SelectMany(s => s.Dependencies).Select(d => $"{d.Name}.shop.svc").Distinct().Order(StringComparer.Ordinal),
            routes.Select(r => r.Json["spec"]!["hostnames"]![0]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.All(routes, route => Assert.All(
            route.Json["spec"]!["rules"]!.AsArray().SelectMany(rule => rule!["backendRefs"]!.AsArray()),
            backend => Assert.Equal($"{backend!["name"]}.shop.svc", route.Json["spec"]!["hostnames"]![0]!.GetValue<string>())));
    }

    [Fact]
    public void Every_event_that_somebody_waits_for_is_published_by_somebody()
    {
        var published = FleetManifests.Services.SelectMany(s => Events(s.Spec.Contracts!.Publishes)).ToHashSet();

        Assert.NotEmpty(published);
        Assert.All(
            FleetManifests.Services.SelectMany(s => Events(s.Spec.Contracts!.Subscribes), (s, e) => (Subscriber: s.Metadata.Name, Event: e)),
            subscription => Assert.True(published.Contains(subscription.Event), $"{subscription.Subscriber} waits for {subscription.Event}."));
    }

    [Fact]
    public void A_datastore_belongs_to_one_service() =>
        Assert.Distinct(FleetManifests.Services.SelectMany(s => s.Spec.Datastores).Select(d => d.Name));

    private static ManagedService Named(string name) => FleetManifests.Services.Single(s => s.Metadata.Name == name);

    private static IEnumerable<string> Events(IReadOnlyList<EventTopic> topics) => topics.SelectMany(t => t.Events, (t, e) => $"{t.Topic}/{e}");
}
