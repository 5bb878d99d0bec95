using System.Net;
using Fleet.Hosting.Faults;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class FaultTests
{
    private const string Path = "/products/GROC-TEA-500G";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_that_is_told_to_fail_fails_until_it_is_told_otherwise_and_stays_healthy()
    {
        var stores = new FleetStores();
        await using var stable = await StartAsync("1.0.0", stores);
        await using var canary = await StartAsync("2.0.0", stores);

        // Told to any instance of the service, for the version that is meant.
        Assert.Equal(HttpStatusCode.OK, (await stable.SendAsync(HttpMethod.Put, "/faults/2.0.0", """{"errorRate":1}""")).Status);

        Assert.Equal(HttpStatusCode.OK, (await stable.GetAsync(Path)).Status);
        var wrong = await canary.GetAsync(Path);
        Assert.Equal(HttpStatusCode.InternalServerError, wrong.Status);
        Assert.Equal(FaultInjection.Title, wrong["title"]);
        Assert.Equal(HttpStatusCode.OK, (await canary.GetAsync("/health")).Status);
        Assert.Contains("http_requests_total{method=\"GET\",route=\"/products/{sku}\",status=\"500\"} 1\n", await canary.MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal("1", (await canary.GetAsync("/faults")).Body!["versions"]!["2.0.0"]!["errorRate"]!.ToString());

        await canary.SendAsync(HttpMethod.Delete, "/faults/2.0.0");
        Assert.Equal(HttpStatusCode.OK, (await canary.GetAsync(Path)).Status);
    }

    [Fact]
    public async Task A_slow_version_answers_after_its_time()
    {
        var time = new ObservedTime();
        await using var instance = await StartAsync("2.0.0", new FleetStores(), time, "2.0.0: latency=200ms slow=100%/700ms");

        var answering = instance.GetAsync(Path);
        await time.WaitForTimerAsync(TimeSpan.FromMilliseconds(900), Cancellation);
        Assert.False(answering.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(900));

        Assert.Equal(HttpStatusCode.OK, (await answering).Status);
    }

    [Fact]
    public void The_slow_share_waits_longer_and_the_rest_does_not()
    {
        var plan = new FaultPlan { LatencyMs = 20, SlowRate = 0.01, SlowMs = 800 };

        Assert.Equal(TimeSpan.FromMilliseconds(820), plan.Wait(0.0099));
        Assert.Equal(TimeSpan.FromMilliseconds(20), plan.Wait(0.01));
    }

    [Theory]
    [InlineData("""{"errorRate":1.5}""", "errorRate")]
    [InlineData("""{"slowRate":-1}""", "slowRate")]
    [InlineData("""{"latencyMs":60001}""", "latencyMs")]
    public async Task A_plan_that_makes_no_sense_is_refused(string plan, string field)
    {
        await using var instance = await StartAsync("1.0.0", new FleetStores());

        var answer = await instance.SendAsync(HttpMethod.Put, "/faults/1.0.0", plan);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
    }

    [Fact]
    public void The_variable_has_plans_by_version()
    {
        var plans = FaultVariable.Read("2.0.0: errors=2%; 2.1.0: latency=20ms slow=0.5%/800ms");

        Assert.Equal(new FaultPlan { ErrorRate = 0.02 }, plans["2.0.0"]);
        Assert.Equal(new FaultPlan { LatencyMs = 20, SlowRate = 0.005, SlowMs = 800 }, plans["2.1.0"]);
        Assert.Empty(FaultVariable.Read(""));
    }

    [Theory]
    [InlineData("errors=2%")]
    [InlineData("2.0.0: errors=2")]
    [InlineData("2.0.0: errors=101%")]
    [InlineData("2.0.0: latency=20s")]
    [InlineData("2.0.0: slow=1%")]
    [InlineData("2.0.0: crash=1%")]
    public void A_variable_that_makes_no_sense_keeps_an_instance_from_starting(string text) =>
        Assert.StartsWith("FAULTS: ", Assert.Throws<ArgumentException>(() => FaultVariable.Read(text)).Message, StringComparison.Ordinal);

    private static Task<RunningInstance> StartAsync(string version, FleetStores stores, TimeProvider? time = null, string faults = "") =>
        RunningInstance.StartAsync("product", Cancellation, i => i with
        {
            Version = version,
            Stores = stores,
            Time = time ?? TimeProvider.System,
            Environment = new Dictionary<string, string> { ["FAULTS"] = faults },
        });
}
