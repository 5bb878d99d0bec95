using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Operators.Metrics;
using Operators.Metrics.Prometheus;

namespace Operators.Tests.Metrics;

/// <summary>What becomes of the answers of a Prometheus that is in trouble, or of something else at its address.</summary>
public sealed class PrometheusAnswersTests
{
    private const string OneSample = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"42.5"]}]}}""";

    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 10, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OneSample, 42.5)]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1,"7"]}}""", 7)]
    public async Task One_number_is_a_number(string answer, double value) => Assert.Equal(value, await Evaluate(_ => Json(answer)));

    [Theory]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[]}}""", MetricsFailure.NoData, true)]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"NaN"]}]}}""", MetricsFailure.NotANumber, true)]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"+Inf"]}]}}""", MetricsFailure.NotANumber, true)]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"1"},"value":[1,"1"]},{"metric":{"a":"2"},"value":[1,"2"]}]}}""", MetricsFailure.SeveralSeries, false)]
    [InlineData(200, """{"status":"success","data":{"resultType":"matrix","result":[]}}""", MetricsFailure.BadExpression, false)]
    [InlineData(400, """{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}""", MetricsFailure.BadExpression, false)]
    [InlineData(503, """{"status":"error","errorType":"timeout","error":"query timed out"}""", MetricsFailure.TimedOut, true)]
    [InlineData(422, """{"status":"error","errorType":"execution","error":"too many samples"}""", MetricsFailure.Failed, true)]
    [InlineData(401, "no", MetricsFailure.Denied, false)]
    [InlineData(403, "{}", MetricsFailure.Denied, false)]
    [InlineData(502, "<html>", MetricsFailure.Failed, true)]
    [InlineData(200, "<html>", MetricsFailure.Unreadable, false)]
    [InlineData(200, "{}", MetricsFailure.Unreadable, false)]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"a"]}]}}""", MetricsFailure.Unreadable, false)]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,2]}]}}""", MetricsFailure.Unreadable, false)]
    public async Task Whatever_is_no_number_has_a_name(int status, string answer, MetricsFailure failure, bool passing)
    {
        var told = await Assert.ThrowsAsync<MetricsException>(() => Evaluate(_ => Json(answer, status)));

        Assert.Equal((failure, passing), (told.Failure, told.IsPassing));
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_as_such()
    {
        var told = await Assert.ThrowsAsync<MetricsException>(() => Evaluate(_ => throw new HttpRequestException(HttpRequestError.ConnectionError)));

        Assert.Equal(MetricsFailure.Unreachable, told.Failure);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asking = Evaluate(_ =>
        {
            asked.SetResult();
            return new TaskCompletionSource<HttpResponseMessage>().Task;
        });
        await asked.Task.WaitAsync(Cancellation);

        _time.Advance(PrometheusApi.Patience);

        Assert.Equal(MetricsFailure.TimedOut, (await Assert.ThrowsAsync<MetricsException>(() => asking)).Failure);
    }

    [Fact]
    public async Task Who_calls_off_the_question_is_not_told_of_a_failure()
    {
        using var gone = new CancellationTokenSource();
        var asking = Evaluate(
            _ =>
            {
                gone.Cancel();
                return new TaskCompletionSource<HttpResponseMessage>().Task;
            },
            cancellationToken: gone.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task A_token_is_read_anew_for_every_question_and_stands_in_no_error()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "secret-1\n", Cancellation);
            var seen = new List<string?>();
            using var api = new PrometheusApi(new Uri("http://prometheus:9090/base/"), file, _time, new Stub(request =>
            {
                seen.Add($"{request.RequestUri} {request.Headers.Authorization}");
                return Json(OneSample);
            }));
            await api.QueryAsync("1", At, Cancellation);
            await File.WriteAllTextAsync(file, "secret-2", Cancellation);
            await api.QueryAsync("1", At, Cancellation);
            Assert.Equal(["http://prometheus:9090/base/api/v1/query Bearer secret-1", "http://prometheus:9090/base/api/v1/query Bearer secret-2"], seen);
        }
        finally
        {
            File.Delete(file);
        }

        using var without = new PrometheusApi(new Uri("http://prometheus:9090"), file, _time, new Stub(_ => Json(OneSample)));
        Assert.Equal(MetricsFailure.Denied, (await Assert.ThrowsAsync<MetricsException>(() => without.QueryAsync("1", At, Cancellation))).Failure);
    }

    private static Task<HttpResponseMessage> Json(string text, int status = 200) =>
        Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(text, Encoding.UTF8, "application/json") });

    private async Task<double> Evaluate(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer, CancellationToken? cancellationToken = null)
    {
        using var provider = new PrometheusMetricsProvider(new PrometheusApi(new Uri("http://prometheus:9090"), tokenFile: null, _time, new Stub(answer)), _time);
        return await provider.EvaluateAsync("up", At, cancellationToken ?? Cancellation);
    }

    private sealed class Stub(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request).WaitAsync(cancellationToken);
    }
}
