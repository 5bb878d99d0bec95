namespace ControlPlane.Api.Notifications.Channels;

/// <summary>Posts to webhooks. It follows no redirects: where a notification goes is what the configuration says, and nothing else.</summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Patience };

    public void Dispose() => _http.Dispose();

    /// <summary>Posts a body to the target's address.</summary>
    /// <exception cref="DeliveryException">It did not answer with success.</exception>
    public async Task PostAsync(NotificationTarget target, HttpContent body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, await AddressAsync(target, cancellationToken)) { Content = body };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new DeliveryException($"it answered with status {(int)answer.StatusCode}");
            }
        }
        catch (HttpRequestException e)
        {
            throw new DeliveryException($"it can't be reached ({e.HttpRequestError})", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DeliveryException($"it did not answer within {Patience.TotalSeconds:0} s", e);
        }
    }

    private static async Task<Uri> AddressAsync(NotificationTarget target, CancellationToken cancellationToken) => target switch
    {
        { Url: { } url } => url,
        { UrlFile: { } file } when Uri.TryCreate(await DeliveryException.ReadSecretAsync(file, cancellationToken), UriKind.Absolute, out var url) && url.Scheme is "https" or "http" => url,
        _ => throw new DeliveryException($"the file {target.UrlFile} holds no http address"),
    };
}
