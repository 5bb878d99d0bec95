using Gateway.Backends;
using Gateway.Metrics;
using Gateway.Rollouts;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>
/// Sends copies of requests to where a route mirrors them, and to the canary of a rollout that does. Nobody waits for their answers, which are thrown away; and as many of them as can't
/// be sent at once are dropped, so that a slow mirror costs the callers nothing.
/// </summary>
internal sealed class Mirroring(BackendDirectory backends, BackendClients clients, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>Copies under way; each has at most <see cref="BodyBuffer.Most"/> bytes.</summary>
    private const int MostUnderWay = 256;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private int _underWay;

    /// <summary>Sends the copies of a request whose body, if it has one, was kept.</summary>
    public async ValueTask SendAsync(ForwardedRequest request)
    {
        foreach (var mirror in request.Rule.Mirrors)
        {
            if (mirror.Share < 1 && Random.Shared.NextDouble() >= mirror.Share)
            {
                continue;
            }

            await SendCopyAsync(request, backends.Get(mirror.Key), TrackDraw.Stable);
        }

        if (request.IsMirrored)
        {
            await SendCopyAsync(request, request.Backend, TrackDraw.Trial);
        }
    }

    private async ValueTask SendCopyAsync(ForwardedRequest request, Backend backend, TrackDraw track)
    {
        var endpoint = backend.Balancer.Choose(backend.Endpoints.Of(track), backend.Traffic.Policy.Traffic.Balancing.Algorithm, request.Hash, [], time.GetElapsedTime(0));
        if (endpoint is null || Interlocked.Increment(ref _underWay) > MostUnderWay)
        {
            if (endpoint is not null)
            {
                Interlocked.Decrement(ref _underWay);
            }

            metrics.Mirrored(backend.Traffic.Name, isSent: false);
            return;
        }

        _ = DeliverAsync(await CopyAsync(request, endpoint), backend); // made before the original goes on: it ends with it
    }

    private static async ValueTask<HttpRequestMessage> CopyAsync(ForwardedRequest request, BackendEndpoint endpoint)
    {
        var original = request.Context.Request;
        var copy = new HttpRequestMessage(new HttpMethod(original.Method), RequestUtilities.MakeDestinationAddress(endpoint.Prefix, original.Path, original.QueryString));
        if (original.Body is MemoryStream kept)
        {
            copy.Content = new ByteArrayContent(kept.ToArray());
        }

        await new AttemptTransformer(request, static _ => false).TransformRequestAsync(request.Context, copy, endpoint.Prefix, CancellationToken.None);
        return copy;
    }

    private async Task DeliverAsync(HttpRequestMessage copy, Backend backend)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            using (copy)
            {
                using var answer = await clients.For(maxConnections: null).SendAsync(copy, limit.Token);
            }

            metrics.Mirrored(backend.Traffic.Name, isSent: true);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            metrics.Mirrored(backend.Traffic.Name, isSent: false);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
