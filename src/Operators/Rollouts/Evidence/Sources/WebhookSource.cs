using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using Operators.Metrics;

namespace Operators.Rollouts.Evidence.Sources;

/// <summary>
/// Asks somebody else for a verdict. The question is signed as Standard Webhooks has it (https://www.standardwebhooks.com, HMAC-SHA256 of id, time and body), so that whoever
/// answers knows who asks; one that is asked again has the same id.
/// </summary>
internal sealed class WebhookSource : IEvidenceSource, IDisposable
{
    private const int MostBytes = 64 * 1024;
    private const int LongestMessage = 300;
    private const string EncodedKey = "whsec_";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string? _keyFile;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <param name="keyFile">File with the key, read for every question since keys rotate: <c>whsec_</c> and base64, or any text; null when none is set.</param>
    /// <param name="time">Clock.</param>
    /// <param name="handler">Sends; null for the network.</param>
    public WebhookSource(string? keyFile, TimeProvider time, HttpMessageHandler? handler = null)
    {
        (_keyFile, _time) = (keyFile, time);
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan, // each question has its own
            MaxResponseContentBufferSize = MostBytes,
        };
    }

    public RolloutMetricType Type => RolloutMetricType.Webhook;

    public void Dispose() => _http.Dispose();

    public async Task<SourceFinding> FindAsync(SourceQuestion question, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = await RequestAsync(question, either.Token);
            using var response = await _http.SendAsync(request, either.Token);
            return (int)response.StatusCode switch
            {
                >= 200 and < 300 => Read(await response.Content.ReadAsByteArrayAsync(either.Token)),
                >= 500 or (int)HttpStatusCode.TooManyRequests => throw new MetricsException(MetricsFailure.Failed, $"the webhook answered {(int)response.StatusCode}"),
                _ => throw new MetricsException(MetricsFailure.Denied, $"the webhook answered {(int)response.StatusCode}"),
            };
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MetricsException(MetricsFailure.TimedOut, $"the webhook did not answer within {Patience.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e)
        {
            throw new MetricsException(MetricsFailure.Unreachable, $"the webhook can't be reached ({e.HttpRequestError})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new MetricsException(MetricsFailure.Denied, "the key for webhooks can't be read (Rollouts:WebhookKeyFile)", e);
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(SourceQuestion question, CancellationToken cancellationToken)
    {
        if (_keyFile is null)
        {
            throw new MetricsException(MetricsFailure.Unsupported, "there is no key to sign webhooks with: set Rollouts:WebhookKeyFile");
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                rollout = question.Rollout.Metadata.Name,
                @namespace = question.Namespace,
                service = question.Member.Service.Metadata.Name,
                revision = question.Revision,
                metric = question.Metric.Name,
                weight = question.Rollout.Status?.Weight ?? 0,
                from = question.From,
                to = question.To,
            },
            KubeJson.Options);
        var id = "msg_" + Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(question.Rollout.Metadata.Uid ?? ""), .. body]))[..32];
        var at = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, question.Metric.Webhook?.Url ?? "") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at);
        request.Headers.Add("webhook-signature", Sign(await ReadKeyAsync(_keyFile, cancellationToken), id, at, body));
        return request;
    }

    internal static string Sign(byte[] key, string id, string at, byte[] body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{at}."), .. body]));

    private static async Task<byte[]> ReadKeyAsync(string file, CancellationToken cancellationToken)
    {
        var text = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        var key = text.StartsWith(EncodedKey, StringComparison.Ordinal) ? Convert.FromBase64String(text[EncodedKey.Length..]) : Encoding.UTF8.GetBytes(text);
        return key.Length > 0 ? key : throw new FormatException("the key is empty");
    }

    private static SourceFinding Read(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var verdict = document.RootElement.GetProperty("verdict").GetString();
            var message = document.RootElement.TryGetProperty("message", out var said) ? said.GetString() ?? "" : "";
            return verdict is ValueVerdict.Pass or ValueVerdict.Fail or ValueVerdict.Wait
                ? new() { Value = verdict, Detail = message.Length == 0 ? null : message[..Math.Min(message.Length, LongestMessage)] }
                : throw new MetricsException(MetricsFailure.Unreadable, "the webhook's verdict must be pass, fail or wait");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new MetricsException(MetricsFailure.Unreadable, "the webhook answered something else than {\"verdict\": \"pass\" | \"fail\" | \"wait\", \"message\": …}", e);
        }
    }
}
