using System.Security.Claims;
using ControlPlane.Kubernetes.Resources;
using Gateway.Backends;
using Gateway.Bodies;
using Gateway.Identity;
using Gateway.Limits;
using Gateway.Metrics;
using Gateway.Policies;
using Gateway.Routing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Forwarding;

/// <summary>The way of a request: route, backend, limits, pool, and on to an instance.</summary>
/// <param name="routing">Where requests go.</param>
/// <param name="backends">Backends.</param>
/// <param name="forwarder">Sends them on.</param>
/// <param name="authenticator">Asks who calls.</param>
/// <param name="metrics">Counts them.</param>
/// <param name="trustedProxies">Proxies of our own before the gateway.</param>
/// <param name="time">Clock.</param>
internal sealed class RequestHandler(
    RoutingTable routing, BackendDirectory backends, Forwarder forwarder, Authenticator authenticator, GatewayMetrics metrics, int trustedProxies, TimeProvider time)
{
    private static readonly Redirect ToHttps = new("https", Hostname: null, Port: null, Path: null, StatusCodes.Status308PermanentRedirect);

    /// <summary>Answers a request that came through a socket.</summary>
    public async Task HandleAsync(SocketKey socket, HttpContext context)
    {
        var started = time.GetTimestamp();
        var labels = new RequestLabels();
        try
        {
            await RouteAsync(socket, context, labels);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            labels.IsCalledOff = true; // nobody is there to be answered
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = e.StatusCode; // the body was too large or broken
        }
        finally
        {
            metrics.Answered(labels, context.Connection.RemoteIpAddress, context.Response.StatusCode, time.GetElapsedTime(started));
        }
    }

    private Task RouteAsync(SocketKey socket, HttpContext context, RequestLabels labels)
    {
        var host = Hostname.OfHostHeader(context.Request.Host.Host);
        var listeners = routing.Current.Find(socket);
        var listener = listeners?.Find(host);
        if (listener is not null && IsMisdirected(context, listener, listeners!))
        {
            return Answers.MisdirectedAsync(context);
        }

        if (listener?.Find(context.Request, host) is not { } match)
        {
            return Answers.NoRouteAsync(context);
        }

        labels.Route = match.Rule.Id.RouteName;
        if (match.Rule.Redirect is { } redirect)
        {
            AnswerRedirect(redirect, context, match, listener.Port);
            return Task.CompletedTask;
        }

        var total = WeightedChoice.Total(match.Rule.Backends);
        var choice = total == 0 ? null : WeightedChoice.Of(match.Rule.Backends, Random.Shared.Next(total));
        return choice?.Key is { } key ? GuardAsync(context, match, choice, backends.Get(key), labels) : Answers.NoBackendAsync(context);
    }

    /// <summary>A connection that was made for one listener is no way to another: each has a certificate, and rules, of its own (RFC 9110, 7.4; RFC 6066, 11.1).</summary>
    private static bool IsMisdirected(HttpContext context, ListenerRoutes listener, SocketRoutes listeners) =>
        context.Request.IsHttps
        && context.Features.Get<ITlsHandshakeFeature>()?.HostName is { Length: > 0 } name
        && listeners.Find(Hostname.OfHostHeader(name)) is { } connected
        && connected != listener;

    private static void AnswerRedirect(Redirect redirect, HttpContext context, RouteMatch match, int port)
    {
        var matched = match.Path.Kind == PathPatternKind.Prefix ? match.Path.Value : "";
        context.Response.StatusCode = redirect.StatusCode;
        context.Response.Headers.Location = RedirectLocation.Of(redirect, context.Request, matched, port);
        HeaderEditing.Apply(match.Rule.ResponseHeaders, context.Response.Headers);
    }

    private async Task GuardAsync(HttpContext context, RouteMatch match, WeightedBackend choice, Backend backend, RequestLabels labels)
    {
        var policy = backend.Traffic.Policy;
        (labels.Service, labels.Version) = (backend.Traffic.Name, backend.Version);
        if (policy.Traffic.HttpsRedirect && !context.Request.IsHttps)
        {
            AnswerRedirect(ToHttps, context, match, port: 443);
            return;
        }

        if ((match.Rule.CrossOrigin ?? policy.Traffic.CrossOrigin) is { } rules)
        {
            if (CrossOrigin.TryAnswerPreflight(context, rules))
            {
                return;
            }

            CrossOrigin.MarkWhenAnswered(context, rules);
        }

        var client = ClientAddress.Of(context, trustedProxies);
        if (policy.Traffic.MaxRequestBytes is { } most && !FitsOrLimit(context, most))
        {
            await Answers.TooLargeAsync(context, most);
            return;
        }

        var caller = default(Caller);
        if (policy.Authentication is { } authentication)
        {
            caller = await AuthenticateAsync(context, authentication, policy.Access, backend.Key.Service);
            if (caller is null)
            {
                return; // answered
            }
        }

        var verdict = await LimitGate.CheckAsync(backend.Traffic.Limits, context, client, time.GetElapsedTime(0));
        LimitHeaders.WriteWhenAnswered(context, verdict);
        metrics.Limited(backend.Traffic.Name, verdict);
        if (verdict.Refused is { } refused)
        {
            await Answers.LimitedAsync(context, refused.Limit, refused.Verdict.Reset);
            return;
        }

        if (policy.Bodies.Count > 0 && !await CheckBodyAsync(context, policy))
        {
            return; // answered
        }

        var hash = RequestHash.Of(context, client, policy.Traffic.Balancing);
        var track = backend.Draw(context.Request, policy.Traffic.Balancing.Algorithm, hash);
        var request = new ForwardedRequest
        {
            Context = context,
            Match = match,
            Choice = choice,
            Backend = backend,
            Policy = policy,
            Caller = caller,
            Keeper = policy.Circuit?.LastGoodMaxAge is not null && LastGoodAnswers.KeyOf(context.Request, caller is not null) is { } key ? new(backend.Traffic.LastGood, key) : null,
            ForwardedFor = ClientAddress.ForwardedFor(context, trustedProxies),
            Hash = hash,
            Track = track,
            IsMirrored = backend.DrawMirror(track),
        };
        try
        {
            await forwarder.SendAsync(request);
        }
        finally
        {
            labels.Instance = request.Tried.LastOrDefault();
        }
    }

    /// <summary>Who calls; null when the caller was not let in, and was told so.</summary>
    private async ValueTask<Caller?> AuthenticateAsync(HttpContext context, AuthenticationOptions authentication, AccessOptions? access, ObjectKey service)
    {
        var outcome = await authenticator.AskAsync(authentication, service, context);
        if (outcome.Caller is not { } caller)
        {
            await (outcome.IsOurs ? Answers.UnverifiableAsync(context, authentication.Policy, outcome.Problem) : Answers.UnauthenticatedAsync(context, authentication.Policy, outcome.Problem));
            return null;
        }

        if (access is not null && !AccessGate.Permits(access, caller, context.Request))
        {
            await Answers.ForbiddenAsync(context, access.Policy);
            return null;
        }

        context.User = new ClaimsPrincipal(caller.Claims); // limits by claim count by it
        return caller;
    }

    /// <summary>Whether the body meets its schemas; where not, the caller was told so.</summary>
    private static async ValueTask<bool> CheckBodyAsync(HttpContext context, ServicePolicy policy)
    {
        var verdict = await BodyGate.CheckAsync(policy.Bodies, context, context.RequestAborted);
        if (verdict.IsTooLarge)
        {
            await Answers.TooLargeAsync(context, BodyGate.Largest);
            return false;
        }

        if (verdict is { Check: { } check, Violation: { } violation })
        {
            await Answers.UnfitBodyAsync(context, check, violation);
            return false;
        }

        return true;
    }

    /// <summary>A body whose length is told is refused at once; one whose length is not, when it has become too long.</summary>
    private static bool FitsOrLimit(HttpContext context, long most)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = most;
        }

        return context.Request.ContentLength is not { } length || length <= most;
    }
}
