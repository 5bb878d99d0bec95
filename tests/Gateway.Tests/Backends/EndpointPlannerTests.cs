using ControlPlane.Kubernetes.Resources.Rollouts;
using Gateway.Backends;
using Gateway.Resources;

namespace Gateway.Tests.Backends;

public sealed class EndpointPlannerTests
{
    private static readonly Service Order = new() { Spec = new() { Ports = [new() { Name = "http", Port = 80 }, new() { Name = "grpc", Port = 90, AppProtocol = "kubernetes.io/h2c" }] } };

    [Fact]
    public void The_port_of_the_service_is_found_by_its_name_in_the_slices()
    {
        var plan = Plan(Order, 90, Slice(("http", 8080), ("grpc", 9090)));

        Assert.Equal([new("10.0.0.1", 9090)], plan.Endpoints);
        Assert.True(plan.IsHttp2);
    }

    [Fact]
    public void Those_that_are_ready_take_requests_and_an_instance_in_two_slices_is_one()
    {
        var plan = Plan(Order, 80, Ready(new(true), new(false), new(null)), Ready(new SliceEndpointConditions(true)));

        Assert.Equal([new("10.0.0.1", 8080), new("10.0.0.3", 8080)], plan.Endpoints);
    }

    [Fact]
    public void While_none_is_ready_those_that_still_serve_on_their_way_out_do()
    {
        var plan = Plan(Order, 80, Ready(new(false, true, true), new(false, false, true), new(false, true, false)));

        Assert.Equal([new("10.0.0.1", 8080)], plan.Endpoints);
    }

    [Fact]
    public void Without_the_service_or_its_port_there_is_nobody()
    {
        Assert.Empty(Plan(null, 80, Slice(("http", 8080))).Endpoints);
        Assert.Empty(Plan(Order, 81, Slice(("http", 8080))).Endpoints);
    }

    [Fact]
    public void An_instance_is_of_the_track_that_the_label_of_its_pod_says()
    {
        var plan = Plan(isMoved: false, Of("order-a", "order-b", "order-c", null));

        Assert.Equal(["stable", "canary", "", ""], plan.Endpoints.Select(endpoint => endpoint.Track));
        Assert.False(plan.AwaitsPods);
    }

    [Fact]
    public void While_a_rollout_moves_the_service_an_instance_whose_pod_is_unknown_waits_unless_there_is_no_other()
    {
        Assert.Equal(["stable"], Plan(isMoved: true, Of("order-a", "order-x")).Endpoints.Select(endpoint => endpoint.Track));
        Assert.Equal(["stable", ""], Plan(isMoved: false, Of("order-a", "order-x")).Endpoints.Select(endpoint => endpoint.Track));
        var alone = Plan(isMoved: true, Of("order-x"));
        Assert.Equal([new("10.0.0.1", 8080)], alone.Endpoints);
        Assert.True(alone.AwaitsPods);
    }

    private static EndpointPlan Plan(Service? service, int port, params EndpointSlice[] slices) => EndpointPlanner.Plan(service, port, slices, static _ => null, isMoved: false);

    /// <summary>Pods a (stable), b (canary) and c (says nothing).</summary>
    private static EndpointPlan Plan(bool isMoved, EndpointSlice slice) => EndpointPlanner.Plan(Order, 80, [slice], static key => key.Name switch
    {
        "order-a" => Pod("stable"),
        "order-b" => Pod("canary"),
        "order-c" => new PodInstance(),
        _ => null,
    }, isMoved);

    private static PodInstance Pod(string track) => new() { Metadata = new() { Labels = new Dictionary<string, string> { [Tracks.Label] = track } } };

    private static EndpointSlice Of(params string?[] pods) => Slice(("http", 8080)) with
    {
        Endpoints = [.. pods.Select((pod, index) => new SliceEndpoint { Addresses = [$"10.0.0.{index + 1}"], TargetRef = pod is null ? null : new("Pod", pod) })],
    };

    private static EndpointSlice Slice(params (string Name, int Port)[] ports) => new()
    {
        AddressType = "IPv4", Ports = [.. ports.Select(port => new SlicePort(port.Name, port.Port))], Endpoints = [new() { Addresses = ["10.0.0.1"] }],
    };

    private static EndpointSlice Ready(params SliceEndpointConditions[] conditions) => Slice(("http", 8080)) with
    {
        Endpoints = [.. conditions.Select((condition, index) => new SliceEndpoint { Addresses = [$"10.0.0.{index + 1}"], Conditions = condition })],
    };
}
