using System.Net;
using System.Text.Json.Nodes;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class PlatformEndpointsTests
{
    public static TheoryData<string> Services => FleetServices.Names();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_service_tells_its_health_and_its_version(string service)
    {
        await using var instance = await RunningInstance.StartAsync(service, Cancellation);

        Assert.Equal("healthy", (await instance.GetAsync("/health"))["status"]);
        var version = await instance.GetAsync("/version");
        Assert.Equal(service, version["service"]);
        Assert.Equal("1.0.0", version["version"]);
        Assert.Equal("asia-south1-a", version["zone"]);
        Assert.Contains(
            $"build_info{{service=\"{service}\",version=\"1.0.0\",zone=\"asia-south1-a\"}} 1\n", await instance.MetricsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_operation_is_described_and_none_of_the_platform_is(string service)
    {
        await using var instance = await RunningInstance.StartAsync(service, Cancellation);

        var api = (await instance.GetAsync("/openapi/v1.json")).Body!;

        Assert.Equal("3.1.1", api["openapi"]!.GetValue<string>());
        Assert.Equal(service, api["info"]!["title"]!.GetValue<string>());
        Assert.Equal("1.0.0", api["info"]!["version"]!.GetValue<string>());
        Assert.Null(api["servers"]);
        var operations = api["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!).ToArray();
        Assert.NotEmpty(operations);
        Assert.All(operations, operation =>
        {
            Assert.NotNull(operation["operationId"]);
            Assert.False(string.IsNullOrEmpty(operation["summary"]?.GetValue<string>()), $"{operation["operationId"]} has no summary.");
        });
        Assert.DoesNotContain(api["paths"]!.AsObject(), p => p.Key is "/health" or "/ready" or "/metrics" or "/version");
    }

    [Fact]
    public async Task The_description_says_what_a_request_must_hold()
    {
        await using var instance = await RunningInstance.StartAsync("order", Cancellation);

        var api = (await instance.GetAsync("/openapi/v1.json")).Body!;

        var place = api["paths"]!["/orders"]!["post"]!;
        var key = Assert.Single(place["parameters"]!.AsArray())!;
        Assert.Equal(("Idempotency-Key", "header"), (key["name"]!.GetValue<string>(), key["in"]!.GetValue<string>()));
        Assert.True(key["required"]!.GetValue<bool>());
        Assert.Equal(["201", "202", "400", "402", "409", "422", "503", "504"], place["responses"]!.AsObject().Select(r => r.Key).Order());
        var schemas = api["components"]!["schemas"]!;
        Assert.Equal(["lines", "payment", "userId"], Texts(schemas["PlaceOrder"]!["required"]));
        Assert.Equal(100, schemas["BasketLine"]!["properties"]!["quantity"]!["maximum"]!.GetValue<int>());
        Assert.Equal(["Card", "CashOnDelivery", "Upi"], Texts(schemas["PaymentMethod"]!["enum"]));
        // A reply may grow; only requests are strict.
        Assert.False(schemas["PlaceOrder"]!["additionalProperties"]!.GetValue<bool>());
        Assert.Null(schemas["Order"]!["additionalProperties"]);
    }

    [Fact]
    public async Task Probes_are_neither_logged_nor_measured()
    {
        await using var instance = await RunningInstance.StartAsync("product", Cancellation);

        await instance.GetAsync("/health");
        await instance.GetAsync("/ready");
        var metrics = await instance.MetricsAsync();

        Assert.Empty(instance.Logged("request"));
        Assert.DoesNotContain("http_requests_total{", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_path_is_answered_with_a_problem()
    {
        await using var instance = await RunningInstance.StartAsync("product", Cancellation);

        var answer = await instance.GetAsync("/nope");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    private static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().OfType<JsonNode>().Select(e => e.GetValue<string>()).Order();
}
