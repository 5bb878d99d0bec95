using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Forwarding;

/// <summary>An answer that was good.</summary>
/// <param name="At">When it came, as time since any fixed moment.</param>
/// <param name="Headers">Its headers, without those that are of that answer alone.</param>
/// <param name="Body">Its body.</param>
internal sealed record LastGoodAnswer(TimeSpan At, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, ReadOnlyMemory<byte> Body);

/// <summary>
/// The last good answers of a service to GET requests that say nothing of who asks: what one caller was told may be told to another. Memory is bounded;
/// those that were not asked for the longest go.
/// </summary>
internal sealed class LastGoodAnswers
{
    /// <summary>Largest body that is kept, in bytes.</summary>
    public const int LargestBody = 64 * 1024;

    /// <summary>Answers in each of two generations: at most 32 MB a service.</summary>
    private const int PerGeneration = 256;

    private static readonly string[] OfOneCaller = [HeaderNames.Authorization, HeaderNames.Cookie];
    private static readonly string[] OfOneAnswer = [HeaderNames.Connection, HeaderNames.TransferEncoding, HeaderNames.KeepAlive, HeaderNames.ContentLength, HeaderNames.Date, "RateLimit", "RateLimit-Policy", "X-Request-ID", HeaderNames.TraceParent];

    private readonly Lock _gate = new();
    private Dictionary<string, LastGoodAnswer> _young = new(StringComparer.Ordinal);
    private Dictionary<string, LastGoodAnswer> _old = new(StringComparer.Ordinal);

    /// <summary>What requests with the same answer have in common; null for one whose answer is nobody else's.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isKnownCaller">The service is told who calls.</param>
    public static string? KeyOf(HttpRequest request, bool isKnownCaller) =>
        !HttpMethods.IsGet(request.Method) || isKnownCaller || Array.Exists(OfOneCaller, request.Headers.ContainsKey) || request.Headers.ContainsKey(HeaderNames.Range)
            ? null
            : string.Join('\n', request.Host.Value, request.Path.Value, request.QueryString.Value, request.Headers.Accept.ToString(), request.Headers.AcceptEncoding.ToString(), request.Headers.AcceptLanguage.ToString()) is { Length: <= 4096 } key ? key : null;

    /// <summary>True when an answer may be told to others (RFC 9111, 3): it is whole, sets nothing for one caller, and does not say otherwise.</summary>
    public static bool MayBeKept(HttpResponse response) =>
        response.StatusCode == StatusCodes.Status200OK
        && !response.Headers.ContainsKey(HeaderNames.SetCookie)
        && !(response.Headers.CacheControl.ToString() is var control && (control.Contains("no-store", StringComparison.OrdinalIgnoreCase) || control.Contains("private", StringComparison.OrdinalIgnoreCase)))
        && response.Headers.Vary.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).All(static name => name.StartsWith("Accept", StringComparison.OrdinalIgnoreCase) && name != "*")
        && !(response.ContentLength > LargestBody);

    /// <summary>Keeps an answer.</summary>
    public void Keep(string key, TimeSpan now, IHeaderDictionary headers, ReadOnlyMemory<byte> body)
    {
        var answer = new LastGoodAnswer(now, [.. headers.Where(static header => !OfOneAnswer.Contains(header.Key, StringComparer.OrdinalIgnoreCase))], body);
        lock (_gate)
        {
            Put(key, answer);
        }
    }

    /// <summary>The last good answer that is not older; null for none.</summary>
    public LastGoodAnswer? Find(string key, TimeSpan now, TimeSpan maxAge)
    {
        lock (_gate)
        {
            if (!_young.TryGetValue(key, out var answer) && _old.Remove(key, out answer))
            {
                Put(key, answer);
            }

            return answer is not null && now - answer.At <= maxAge ? answer : null;
        }
    }

    private void Put(string key, LastGoodAnswer answer)
    {
        if (_young.Count >= PerGeneration && !_young.ContainsKey(key))
        {
            (_old, _young) = (_young, new(StringComparer.Ordinal));
        }

        _old.Remove(key);
        _young[key] = answer;
    }
}
