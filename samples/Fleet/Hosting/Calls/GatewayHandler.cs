namespace Fleet.Hosting.Calls;

/// <summary>
/// Sends calls of other services to a gateway, for the host that the service's address has. Where nobody listens at the gateway's address, they go straight to the
/// service, and the gateway is tried again after <see cref="AwayFor"/>: so the same manifests do on a cluster that has no gateway there. A gateway that
/// listens is never passed by, whatever it answers.
/// </summary>
internal sealed class GatewayHandler(Uri gateway, TimeProvider time, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Marks what is a call. Probes are none: they ask whether the service itself is there.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsCall = new("fleet.is-call");

    public static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(30);

    private long _awayUntil;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(IsCall, out _) || time.GetUtcNow().UtcTicks < Volatile.Read(ref _awayUntil))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var address = request.RequestUri!;
        request.RequestUri = new Uri(gateway, address.PathAndQuery);
        request.Headers.Host = address.Authority;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError) // nothing was sent
        {
            Volatile.Write(ref _awayUntil, (time.GetUtcNow() + AwayFor).UtcTicks);
            request.RequestUri = address;
            request.Headers.Host = null;
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
