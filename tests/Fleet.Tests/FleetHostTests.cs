using System.Net;
using Fleet.Hosting;
using Fleet.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Tests;

public sealed class FleetHostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_address_serves_the_same_instance()
    {
        await using var instance = await RunningInstance.StartAsync(
            "product", Cancellation, i => i with { Listen = [new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, 0)] });

        Assert.Equal(2, instance.App.Urls.Count);
        using var client = new HttpClient();
        foreach (var address in instance.App.Urls)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(new Uri(address), "/health"), Cancellation)).StatusCode);
        }
    }

    [Fact]
    public void An_instance_without_an_address_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Build("order", i => i with { Listen = [] }));
        Assert.Contains("Listen", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("payment:8080")]
    [InlineData("ftp://payment")]
    [InlineData("")]
    public void A_wrong_address_of_a_dependency_is_refused_by_the_name_of_its_variable(string address)
    {
        var error = Assert.Throws<ArgumentException>(
            () => Build("order", i => i with { Environment = new Dictionary<string, string> { ["PAYMENT_URL"] = address } }));
        Assert.Contains("PAYMENT_URL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_instances_in_one_process_share_no_state()
    {
        await using var first = await RunningInstance.StartAsync("inventory", Cancellation);
        await using var second = await RunningInstance.StartAsync("inventory", Cancellation, i => i with { Version = "2.0.0" });

        var reserved = await first.PostAsync("/reservations", """{"orderId":"o-1","lines":[{"sku":"TECH-TV-43","quantity":7}]}""", key: "k");

        Assert.Equal(HttpStatusCode.Created, reserved.Status);
        Assert.Equal("893", (await first.GetAsync("/stock/TECH-TV-43"))["available"]);
        Assert.Equal("900", (await second.GetAsync("/stock/TECH-TV-43"))["available"]);
        Assert.Contains("inventory_reservations_total{outcome=\"reserved\"} 1\n", await first.MetricsAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("inventory_reservations_total{", await second.MetricsAsync(), StringComparison.Ordinal);
        Assert.Single(first.Logged("stock-reserved"));
        Assert.Empty(second.Logged("stock-reserved"));
        Assert.Equal("2.0.0", (await second.GetAsync("/version"))["version"]);
    }

    [Fact]
    public async Task A_stop_lets_a_running_request_finish_and_takes_no_new_one()
    {
        var called = new TaskCompletionSource();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        await using var instance = await RunningInstance.StartAsync("kyc", Cancellation, i => i with
        {
            OutboundHandler = () => new StubHandler(request =>
            {
                if (request.RequestUri!.AbsolutePath == "/health")
                {
                    return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
                }

                called.SetResult();
                return answer.Task;
            }),
        });

        var running = instance.SendAsync(HttpMethod.Put, "/kyc/u-1001/proofs/Photo", """{"value":"uploads/1.jpg"}""");
        await called.Task;
        var stop = instance.App.StopAsync(Cancellation);
        await instance.App.Lifetime.ApplicationStopping.WaitAsync(Cancellation);
        Assert.False(stop.IsCompleted);

        answer.SetResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"id":"u-1001"}""") });

        Assert.Equal(HttpStatusCode.OK, (await running).Status);
        await stop;
        using var late = new HttpClient { BaseAddress = instance.Client.BaseAddress };
        await Assert.ThrowsAsync<HttpRequestException>(() => late.GetAsync("/health", Cancellation));
    }

    [Fact]
    public async Task An_instance_leaves_the_signals_of_the_process_to_the_process()
    {
        await using var app = Build("product", i => i);

        Assert.IsType<DetachedLifetime>(app.Services.GetRequiredService<IHostLifetime>());
    }

    private static WebApplication Build(string service, Func<FleetInstance, FleetInstance> configure) =>
        FleetHost.Build(FleetServices.Named(service), configure(new FleetInstance
        {
            Name = "a",
            Namespace = "shop",
            Version = "1",
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            Log = static _ => { },
        }));
}
