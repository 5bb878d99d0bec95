using Gateway.Routing;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>One try: makes the request for the backend, and decides with its first line whether the answer is passed on.</summary>
/// <param name="request">The request.</param>
/// <param name="isRefused">Whether an answer with this status is thrown away, because another try follows.</param>
internal sealed class AttemptTransformer(ForwardedRequest request, Func<int, bool> isRefused) : HttpTransformer
{
    /// <summary>Status of the backend's answer; 0 while there is none.</summary>
    public int Status { get; private set; }

    /// <summary>The answer was thrown away.</summary>
    public bool IsRefused { get; private set; }

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var (rule, original) = (request.Rule, httpContext.Request);
        proxyRequest.Headers.Host = rule.Rewrite.Hostname ?? original.Host.Value;
        Set(proxyRequest, ClientAddress.Header, request.ForwardedFor);
        Set(proxyRequest, "X-Forwarded-Proto", original.Scheme);
        Set(proxyRequest, "X-Forwarded-Host", original.Host.Value ?? "");
        foreach (var (header, value) in request.Caller?.Headers ?? [])
        {
            HeaderEditing.Replace(header, value, proxyRequest);
        }

        HeaderEditing.Apply(rule.RequestHeaders, proxyRequest);
        HeaderEditing.Apply(request.Choice.RequestHeaders, proxyRequest);
        HeaderEditing.Apply(request.Policy.Traffic.RequestHeaders, proxyRequest);
        if (rule.Rewrite.Path is { } rewrite)
        {
            var matched = request.Match.Path.Kind == PathPatternKind.Prefix ? request.Match.Path.Value : "";
            proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(
                destinationPrefix, new PathString(rewrite.Apply(original.Path.Value ?? "/", matched)), original.QueryString);
        }
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return new(false);
        }

        Status = (int)proxyResponse.StatusCode;
        IsRefused = isRefused(Status);
        return IsRefused ? new(false) : PassOnAsync(httpContext, proxyResponse, cancellationToken);
    }

    private async ValueTask<bool> PassOnAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await base.TransformResponseAsync(context, response, cancellationToken);
        HeaderEditing.Apply(request.Rule.ResponseHeaders, context.Response.Headers);
        HeaderEditing.Apply(request.Choice.ResponseHeaders, context.Response.Headers);
        HeaderEditing.Apply(request.Policy.Traffic.ResponseHeaders, context.Response.Headers);
        request.Keeper?.Begin(context.Response);
        return true;
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
