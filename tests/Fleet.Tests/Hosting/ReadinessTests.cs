using System.Collections.Concurrent;
using System.Net;
using Fleet.Hosting.Readiness;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class ReadinessTests
{
    private readonly ObservedTime _time = new();
    private readonly ConcurrentQueue<string> _calls = new();
    private HttpStatusCode _userAnswers = HttpStatusCode.OK;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_is_ready_once_its_dependency_was_reached()
    {
        _userAnswers = HttpStatusCode.ServiceUnavailable;
        await using var kyc = await StartKycAsync();
        await UnreadyRoundAsync();
        var unready = await kyc.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.Status);
        Assert.Equal("user", Assert.Single(unready.Body!["unreached"]!.AsArray())!.GetValue<string>());

        _userAnswers = HttpStatusCode.OK;
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadyRoundAsync();

        Assert.Equal(HttpStatusCode.OK, (await kyc.GetAsync("/ready")).Status);
    }

    [Fact]
    public async Task A_lost_answer_does_not_make_it_unready_but_a_window_without_one_does()
    {
        await using var kyc = await StartKycAsync();
        await ReadyRoundAsync();

        _userAnswers = HttpStatusCode.ServiceUnavailable;
        _time.Advance(TimeSpan.FromSeconds(11));
        await ReadyRoundAsync();
        Assert.Equal(HttpStatusCode.OK, (await kyc.GetAsync("/ready")).Status);

        _time.Advance(Reachability.Window);
        await UnreadyRoundAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await kyc.GetAsync("/ready")).Status);
    }

    [Fact]
    public async Task Asking_for_readiness_asks_nobody_else()
    {
        await using var kyc = await StartKycAsync();
        await ReadyRoundAsync();

        for (var i = 0; i < 20; i++)
        {
            await kyc.GetAsync("/ready");
        }

        Assert.Equal("http://user.shop.svc:8080/health", Assert.Single(_calls));
    }

    [Fact]
    public async Task An_ordinary_call_stands_for_a_probe()
    {
        _userAnswers = HttpStatusCode.ServiceUnavailable;
        await using var kyc = await StartKycAsync();
        await UnreadyRoundAsync();

        _userAnswers = HttpStatusCode.NotFound;
        await kyc.SendAsync(HttpMethod.Put, "/kyc/u-1/proofs/Photo", """{"value":"1.jpg"}""");

        Assert.Equal(HttpStatusCode.OK, (await kyc.GetAsync("/ready")).Status);
    }

    [Fact]
    public async Task A_service_that_needs_nobody_is_ready_at_once()
    {
        await using var product = await RunningInstance.StartAsync("product", Cancellation);

        Assert.Equal(HttpStatusCode.OK, (await product.GetAsync("/ready")).Status);
    }

    /// <summary>Ends when a round of probes is over and the next is due in ten seconds.</summary>
    private Task ReadyRoundAsync() => _time.WaitForTimerAsync(TimeSpan.FromSeconds(10), Cancellation);

    /// <summary>Ends when a round of probes is over and the next is due in a second.</summary>
    private Task UnreadyRoundAsync() => _time.WaitForTimerAsync(TimeSpan.FromSeconds(1), Cancellation);

    private Task<RunningInstance> StartKycAsync() => RunningInstance.StartAsync("kyc", Cancellation, i => i with
    {
        Time = _time,
        OutboundHandler = () => new StubHandler(request =>
        {
            _calls.Enqueue(request.RequestUri!.AbsoluteUri);
            return Task.FromResult(new HttpResponseMessage(_userAnswers) { Content = new StringContent("{}") });
        }),
    });
}
