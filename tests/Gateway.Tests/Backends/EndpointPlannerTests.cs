using Gateway.Backends;
using Gateway.Resources;

namespace Gateway.Tests.Backends;

public sealed class EndpointPlannerTests
{
    private static readonly Service Order = new() { Spec = new() { Ports = [new() { Name = "http", Port = 80 }, new() { Name = "grpc", Port = 90, AppProtocol = "kubernetes.io/h2c" }] } };

    [Fact]
    public void The_port_of_the_service_is_found_by_its_name_in_the_slices()
    {
        var (endpoints, isHttp2) = EndpointPlanner.Plan(Order, 90, [Slice(("http", 8080), ("grpc", 9090))]);

        Assert.Equal([("10.0.0.1", 9090)], endpoints);
        Assert.True(isHttp2);
    }

    [Fact]
    public void Those_that_are_ready_take_requests_and_an_instance_in_two_slices_is_one()
    {
        var (endpoints, _) = EndpointPlanner.Plan(Order, 80, [Ready(new(true), new(false), new(null)), Ready(new SliceEndpointConditions(true))]);

        Assert.Equal([("10.0.0.1", 8080), ("10.0.0.3", 8080)], endpoints);
    }

    [Fact]
    public void While_none_is_ready_those_that_still_serve_on_their_way_out_do()
    {
        var (endpoints, _) = EndpointPlanner.Plan(Order, 80, [Ready(new(false, true, true), new(false, false, true), new(false, true, false))]);

        Assert.Equal([("10.0.0.1", 8080)], endpoints);
    }

    [Fact]
    public void Without_the_service_or_its_port_there_is_nobody()
    {
        Assert.Empty(EndpointPlanner.Plan(null, 80, [Slice(("http", 8080))]).Endpoints);
        Assert.Empty(EndpointPlanner.Plan(Order, 81, [Slice(("http", 8080))]).Endpoints);
    }

    private static EndpointSlice Slice(params (string Name, int Port)[] ports) => new()
    {
        AddressType = "IPv4", Ports = [.. ports.Select(port => new SlicePort(port.Name, port.Port))], Endpoints = [new() { Addresses = ["10.0.0.1"] }],
    };

    private static EndpointSlice Ready(params SliceEndpointConditions[] conditions) => Slice(("http", 8080)) with
    {
        Endpoints = [.. conditions.Select((condition, index) => new SliceEndpoint { Addresses = [$"10.0.0.{index + 1}"], Conditions = condition })],
    };
}
