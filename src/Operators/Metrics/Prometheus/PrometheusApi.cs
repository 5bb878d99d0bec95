using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Operators.Metrics.Prometheus;

/// <summary>One number of an instant vector, with its labels.</summary>
/// <param name="Labels">Labels.</param>
/// <param name="Value">The number; NaN and infinities included.</param>
internal sealed record PrometheusSample(IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>A label; empty when there is none, as Prometheus has it.</summary>
    public string this[string label] => Labels.GetValueOrDefault(label, "");
}

/// <summary>
/// The part of Prometheus's HTTP API that is used: instant queries (https://prometheus.io/docs/prometheus/latest/querying/api/). Whatever goes wrong has a name.
/// </summary>
internal sealed class PrometheusApi : IDisposable
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const long LargestAnswer = 64 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly string? _tokenFile;
    private readonly TimeProvider _time;

    /// <param name="address">Where it is; a path before <c>/api</c> is kept.</param>
    /// <param name="tokenFile">File with a bearer token, read anew for every question since tokens rotate; null for none.</param>
    /// <param name="time">Clock.</param>
    /// <param name="handler">Sends; null for the network.</param>
    public PrometheusApi(Uri address, string? tokenFile, TimeProvider time, HttpMessageHandler? handler = null)
    {
        (_tokenFile, _time) = (tokenFile, time);
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan, // each question has its own
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Evaluates an expression that comes to a vector or a scalar.</summary>
    /// <exception cref="MetricsException">It can't be told.</exception>
    public async Task<IReadOnlyList<PrometheusSample>> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = await RequestAsync(expression, at, either.Token);
            using var response = await _http.SendAsync(request, either.Token);
            using var answer = await ReadAsync(response, either.Token);
            return Samples(response.StatusCode, answer);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MetricsException(MetricsFailure.TimedOut, $"Prometheus did not answer within {Patience.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new MetricsException(MetricsFailure.Failed, "Prometheus answered with more than 64 MiB", e);
        }
        catch (HttpRequestException e)
        {
            throw new MetricsException(MetricsFailure.Unreachable, $"Prometheus can't be reached ({e.HttpRequestError})", e);
        }
        catch (IOException e)
        {
            throw new MetricsException(MetricsFailure.Denied, $"the token for Prometheus can't be read: {e.Message}", e);
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var seconds = (at.ToUnixTimeMilliseconds() / 1000d).ToString("0.000", CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/query")
        {
            // A form, since expressions are longer than some addresses may be.
            Content = new FormUrlEncodedContent([new("query", expression), new("time", seconds), new("timeout", $"{Patience.TotalSeconds:0}s")]),
        };
        if (_tokenFile is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_tokenFile, cancellationToken)).Trim());
        }

        return request;
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new MetricsException(MetricsFailure.Denied, $"Prometheus does not let us in ({(int)response.StatusCode})");
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        }
        catch (JsonException e)
        {
            var failure = response.IsSuccessStatusCode ? MetricsFailure.Unreadable : MetricsFailure.Failed;
            throw new MetricsException(failure, $"what answers at its address is no Prometheus, or is in trouble ({(int)response.StatusCode}, and no JSON)", e);
        }
    }

    private static IReadOnlyList<PrometheusSample> Samples(HttpStatusCode status, JsonDocument answer)
    {
        try
        {
            var root = answer.RootElement;
            if (root.GetProperty("status").GetString() == "success")
            {
                var data = root.GetProperty("data");
                var result = data.GetProperty("result");
                return data.GetProperty("resultType").GetString() switch
                {
                    "vector" => [.. result.EnumerateArray().Select(static one => new PrometheusSample(Labels(one.GetProperty("metric")), Number(one.GetProperty("value"))))],
                    "scalar" => [new PrometheusSample(new Dictionary<string, string>(), Number(result))],
                    var other => throw new MetricsException(MetricsFailure.BadExpression, $"the expression comes to a {other}, where one number is needed"),
                };
            }

            var message = root.GetProperty("error").GetString();
            throw root.GetProperty("errorType").GetString() switch
            {
                "bad_data" => new MetricsException(MetricsFailure.BadExpression, $"Prometheus refuses the expression: {message}"),
                "timeout" or "canceled" => new MetricsException(MetricsFailure.TimedOut, $"Prometheus gave up: {message}"),
                _ => new MetricsException(MetricsFailure.Failed, $"Prometheus can't tell ({(int)status}): {message}"),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new MetricsException(MetricsFailure.Unreadable, "Prometheus answered with something else than its API says", e);
        }
    }

    private static Dictionary<string, string> Labels(JsonElement metric) => metric.EnumerateObject().ToDictionary(static label => label.Name, static label => label.Value.GetString() ?? "");

    private static double Number(JsonElement value) => value[1].GetString() switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var text => double.Parse(text ?? "", NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
