using Gateway.Policies;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>How a try ended.</summary>
/// <param name="Failure">How it failed; none when it did not, or when nothing can be said of the service.</param>
/// <param name="IsCalledOff">The client went away, or its own body failed: nobody's fault behind the gateway.</param>
/// <param name="IsAnswered">An answer is on its way to the client.</param>
/// <param name="IsRefused">The backend's answer was thrown away, because another try was taken.</param>
internal readonly record struct AttemptResult(FailureKinds Failure, bool IsCalledOff, bool IsAnswered, bool IsRefused)
{
    /// <summary>The gateway itself has answered.</summary>
    public static AttemptResult Answered { get; } = new(FailureKinds.None, IsCalledOff: false, IsAnswered: true, IsRefused: false);

    /// <summary>Kinds of failure of a status.</summary>
    public static FailureKinds FailureOf(int status) => status switch
    {
        502 or 503 or 504 => FailureKinds.ServerError | FailureKinds.GatewayError,
        >= 500 => FailureKinds.ServerError,
        _ => FailureKinds.None,
    };

    /// <summary>Reads what the forwarder says.</summary>
    /// <param name="error">Its error.</param>
    /// <param name="context">The request.</param>
    /// <param name="transformer">The try.</param>
    /// <param name="isTimeUp">The time of the try, or of the request, is over.</param>
    public static AttemptResult Of(ForwarderError error, HttpContext context, AttemptTransformer transformer, bool isTimeUp)
    {
        var answered = transformer.Status > 0 && !transformer.IsRefused;
        if (error == ForwarderError.None)
        {
            return new(FailureOf(transformer.Status), IsCalledOff: false, answered, transformer.IsRefused);
        }

        if (isTimeUp || error == ForwarderError.RequestTimedOut)
        {
            return new(FailureKinds.Timeout, IsCalledOff: false, answered, transformer.IsRefused);
        }

        if (context.RequestAborted.IsCancellationRequested || error is ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient
            or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient or ForwarderError.RequestCreation)
        {
            return new(FailureKinds.None, IsCalledOff: true, answered, transformer.IsRefused);
        }

        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        var noConnection = cause is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
        };
        return new(noConnection && !answered ? FailureKinds.ConnectFailure : FailureKinds.Reset, IsCalledOff: false, answered, transformer.IsRefused);
    }
}
