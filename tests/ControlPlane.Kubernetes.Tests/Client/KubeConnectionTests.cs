using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Tests.Testing;
using k8s;
using k8s.Authentication;

namespace ControlPlane.Kubernetes.Tests.Client;

/// <summary>What a caller gets when an API refuses, fails or is not there.</summary>
public sealed class KubeConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestClock _clock = new();
    private ScriptedApiServer _server = null!;
    private KubeConnection _connection = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _connection = _server.Connect(_clock);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(403, "Forbidden", nameof(KubeApiException.IsForbidden))]
    [InlineData(404, "NotFound", nameof(KubeApiException.IsNotFound))]
    [InlineData(409, "AlreadyExists", nameof(KubeApiException.IsAlreadyExists))]
    [InlineData(409, "Conflict", nameof(KubeApiException.IsConflict))]
    [InlineData(410, "Expired", nameof(KubeApiException.IsExpired))]
    [InlineData(410, "Gone", nameof(KubeApiException.IsExpired))]
    [InlineData(400, "BadRequest", nameof(KubeApiException.IsInvalid))]
    [InlineData(413, "RequestEntityTooLarge", nameof(KubeApiException.IsInvalid))]
    [InlineData(422, "Invalid", nameof(KubeApiException.IsInvalid))]
    [InlineData(401, "Unauthorized", "")]
    [InlineData(429, "TooManyRequests", "")]
    [InlineData(500, "InternalError", "")]
    [InlineData(503, "ServiceUnavailable", "")]
    public async Task A_refusal_is_of_one_kind(int code, string reason, string kind)
    {
        var refusal = await RefusedAsync(request => request.AnswerAsync(WidgetJson.Status(code, reason, "no"), code));

        Assert.Equal(((HttpStatusCode)code, reason, "no"), (refusal.StatusCode, refusal.Reason, refusal.Message));
        (string, bool)[] kinds =
        [
            (nameof(refusal.IsForbidden), refusal.IsForbidden), (nameof(refusal.IsNotFound), refusal.IsNotFound),
            (nameof(refusal.IsAlreadyExists), refusal.IsAlreadyExists), (nameof(refusal.IsConflict), refusal.IsConflict),
            (nameof(refusal.IsExpired), refusal.IsExpired), (nameof(refusal.IsInvalid), refusal.IsInvalid),
        ];
        Assert.Equal(kind, string.Join(' ', kinds.Where(each => each.Item2).Select(each => each.Item1)));
    }

    [Fact]
    public async Task A_refusal_names_the_fields_at_fault()
    {
        var refusal = await RefusedAsync(request => request.AnswerAsync(
            """
            {
              "kind": "Status", "code": 422, "reason": "Invalid", "message": "Widget is invalid",
              "details": {"causes": [
                {"reason": "FieldValueInvalid", "message": "must be positive", "field": "spec.size"},
                {"message": "of another time"}
              ]}
            }
            """,
            422));

        Assert.Equal(
            [
                new StatusCause { Reason = "FieldValueInvalid", Message = "must be positive", Field = "spec.size" },
                new StatusCause { Message = "of another time" },
            ],
            refusal.Causes);
    }

    [Fact]
    public async Task A_server_that_is_busy_says_how_long_to_wait()
    {
        var byHeader = await RefusedAsync(request => request.AnswerAsync("", 429, ("Retry-After", "7")));
        var byBody = await RefusedAsync(request => request.AnswerAsync("""{"code":503,"details":{"retryAfterSeconds":9}}""", 503));
        var bySilence = await RefusedAsync(request => request.AnswerAsync("", 429));

        Assert.Equal((7 * Second, 9 * Second, null), (byHeader.RetryAfter, byBody.RetryAfter, bySilence.RetryAfter));
    }

    [Theory]
    [InlineData("<html>Internal proxy at 10.0.0.7</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"kind\":\"Status\",\"mess")]
    [InlineData("{\"kind\":\"Status\",\"code\":200}")]
    public async Task An_error_that_is_no_status_tells_its_code_and_nothing_of_its_text(string text)
    {
        var refusal = await RefusedAsync(request => request.AnswerAsync(text, 502));

        Assert.Equal((HttpStatusCode.BadGateway, "", "the Kubernetes API answered 502 BadGateway"), (refusal.StatusCode, refusal.Reason, refusal.Message));
        Assert.Empty(refusal.Causes);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_the_answer_is_an_http_error()
    {
        var call = CallAsync();
        (await _server.NextAsync()).Drop();

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task A_connection_that_breaks_within_the_answer_is_an_http_error()
    {
        var call = CallAsync();
        var request = await _server.NextAsync();
        await request.AcceptAsync();
        await request.SendAsync("{\"half\":");
        request.Drop();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_hangs_is_given_up_and_says_which_without_its_query(bool withinTheAnswer)
    {
        var call = CallAsync("/apis?labelSelector=secret");
        var request = await _server.NextAsync();
        if (withinTheAnswer)
        {
            await request.AcceptAsync();
            await request.SendAsync("{\"half\":");
        }

        await _clock.FireAsync(30 * Second, 30 * Second);

        Assert.Equal("the Kubernetes API did not answer GET /apis within 30 s", (await Assert.ThrowsAsync<TimeoutException>(() => call)).Message);
        await Patience.For(request.Finished, "the server was not told");
    }

    [Fact]
    public async Task A_caller_that_cancels_gets_a_cancellation()
    {
        using var stop = new CancellationTokenSource();
        var call = _connection.CallAsync(HttpMethod.Get, "/apis", default, contentType: null, stop.Token);
        var request = await _server.NextAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Patience.For(request.Finished, "the server was not told");
    }

    [Fact]
    public async Task A_stream_that_is_open_has_no_time_limit_of_its_own()
    {
        var opening = _connection.OpenAsync("/apis", Token);
        await (await _server.NextAsync()).AcceptAsync();
        using var response = await opening;

        Assert.Empty(_clock.Waiting);
    }

    [Fact]
    public async Task Requests_are_counted_by_how_they_ended()
    {
        var metrics = TestMetrics.Create();
        using var series = new SeriesLog(metrics);
        using var connection = new KubeConnection(new KubernetesClientConfiguration { Host = _server.Address.ToString() }, metrics);
        await RefusedAsync(request => request.AnswerAsync("", 404), connection);
        var call = CallAsync("/apis", connection);
        (await _server.NextAsync()).Drop();
        await Assert.ThrowsAsync<HttpRequestException>(() => call);

        var host = _server.Address.Authority;
        Assert.Equal([$"code=404,method=GET,host={host}}} 1", $"code=<error>,method=GET,host={host}}} 1"], series.Counted("rest_client_requests_total{"));
    }

    [Fact]
    public async Task A_server_may_live_below_a_path()
    {
        using var connection = new KubeConnection(
            new KubernetesClientConfiguration { Host = new Uri(_server.Address, "k8s/clusters/c1").ToString() }, TestMetrics.Create());
        var call = CallAsync("/version", connection);
        var request = await _server.NextAsync();
        await request.AnswerAsync("{}");
        await call;

        Assert.Equal("/k8s/clusters/c1/version", request.Path);
    }

    [Fact]
    public async Task A_token_is_sent()
    {
        using var connection = Connect(() => "t0ken");
        var call = CallAsync("/version", connection);
        var request = await _server.NextAsync();
        await request.AnswerAsync("{}");
        await call;

        Assert.Equal("Bearer t0ken", request.Header("Authorization"));
    }

    [Fact]
    public async Task Without_credentials_the_api_can_not_be_reached()
    {
        using var connection = Connect(() => throw new InvalidOperationException("the plug-in is not installed"));

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync("/version", connection));
        Assert.EndsWith("the plug-in is not installed", error.Message, StringComparison.Ordinal);
        Assert.False(_server.HasRequest);
    }

    private Task<byte[]> CallAsync(string path = "/apis", KubeConnection? connection = null) =>
        (connection ?? _connection).CallAsync(HttpMethod.Get, path, default, contentType: null, Token);

    private async Task<KubeApiException> RefusedAsync(Func<ScriptedRequest, Task> answer, KubeConnection? connection = null)
    {
        var call = CallAsync("/apis", connection);
        await answer(await _server.NextAsync());
        return await Assert.ThrowsAsync<KubeApiException>(() => call);
    }

    private KubeConnection Connect(Func<string> token) =>
        new(new KubernetesClientConfiguration { Host = _server.Address.ToString(), TokenProvider = new Tokens(token) }, TestMetrics.Create());

    private sealed class Tokens(Func<string> next) : ITokenProvider
    {
        public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new AuthenticationHeaderValue("Bearer", next()));
    }
}
