using System.Net;
using System.Text;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Microsoft.Extensions.Time.Testing;
using Operators.Metrics;
using Operators.Rollouts.Evidence;
using Operators.Rollouts.Evidence.Sources;
using Operators.Tests.Testing;

namespace Operators.Tests.Rollouts.Evidence.Sources;

public sealed class WebhookSourceTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 6, 0, 0, TimeSpan.Zero);

    private readonly string _key = Path.GetTempFileName();
    private readonly FakeGate _gate = new();

    public WebhookSourceTests() => File.WriteAllText(_key, "whsec_" + Convert.ToBase64String("a key for a test"u8.ToArray()) + "\n");

    public void Dispose()
    {
        File.Delete(_key);
        _gate.Dispose();
    }

    [Fact]
    public async Task A_question_is_signed_and_the_same_one_has_the_same_id()
    {
        var finding = await AskAsync();
        await AskAsync();

        Assert.Equal(("pass", "42 checks"), (finding.Value, finding.Detail));
        Assert.Equal("""{"rollout":"order","namespace":"shop","service":"order","revision":"abc","metric":"gate","weight":10,"from":"2026-11-28T06:00:00+00:00","to":"2026-11-28T06:00:30+00:00"}""", _gate.Bodies[0]);
        Assert.Equal(_gate.Ids[0], _gate.Ids[1]);
        Assert.Equal(WebhookSource.Sign("a key for a test"u8.ToArray(), _gate.Ids[0], "1795845600", Encoding.UTF8.GetBytes(_gate.Bodies[0])), _gate.Signatures[0]);
    }

    /// <summary>An example of the specification's authors (https://www.standardwebhooks.com).</summary>
    [Fact]
    public void A_signature_is_over_id_time_and_body() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSource.Sign(Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8.ToArray()));

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "", true)]
    [InlineData(HttpStatusCode.NotFound, "", false)]
    [InlineData(HttpStatusCode.Redirect, "", false)]
    [InlineData(HttpStatusCode.OK, "pass", false)]
    [InlineData(HttpStatusCode.OK, """{"verdict": "perhaps"}""", false)]
    [InlineData(HttpStatusCode.OK, "[]", false)]
    public async Task What_is_no_answer_is_told(HttpStatusCode status, string answer, bool isPassing)
    {
        (_gate.Status, _gate.Answer) = (status, answer);

        Assert.Equal(isPassing, (await Assert.ThrowsAsync<MetricsException>(AskAsync)).IsPassing);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_asked()
    {
        using var source = new WebhookSource(keyFile: null, TimeProvider.System, _gate);

        var e = await Assert.ThrowsAsync<MetricsException>(() => source.FindAsync(Question(), TestContext.Current.CancellationToken));

        Assert.Equal((MetricsFailure.Unsupported, 0), (e.Failure, _gate.Bodies.Count));
    }

    private async Task<SourceFinding> AskAsync()
    {
        using var source = new WebhookSource(_key, new FakeTimeProvider(Now), new Kept(_gate));
        return await source.FindAsync(Question(), TestContext.Current.CancellationToken);
    }

    private static SourceQuestion Question() => new(
        new CanaryRollout { Metadata = new ObjectMeta { Name = "order", Namespace = "shop", Uid = "uid" }, Status = new() { Weight = 10 } },
        "abc",
        new() { Name = "gate", Type = RolloutMetricType.Webhook, Webhook = new() { Url = "https://gate.example.com/canary" } },
        new(Samples.Service("order"), "shop/order"),
        new(),
        Now,
        Now + TimeSpan.FromSeconds(30));

    /// <summary>Lets whoever disposes it leave what is behind it alone.</summary>
    private sealed class Kept(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _invoker = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _invoker.SendAsync(request, cancellationToken);
    }

    private sealed class FakeGate : HttpMessageHandler
    {
        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public string Answer { get; set; } = """{"verdict": "pass", "message": "42 checks"}""";

        public List<string> Bodies { get; } = [];

        public List<string> Ids { get; } = [];

        public List<string> Signatures { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            Ids.AddRange(request.Headers.GetValues("webhook-id"));
            Signatures.AddRange(request.Headers.GetValues("webhook-signature"));
            return new HttpResponseMessage(Status) { Content = new StringContent(Answer) };
        }
    }
}
