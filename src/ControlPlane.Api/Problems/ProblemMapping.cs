using System.Net;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Problems;

/// <summary>Answers every failure with an RFC 9457 problem that says what to do about it, and never with a stack trace.</summary>
public sealed partial class ProblemMapping(IProblemDetailsService problems, ILogger<ProblemMapping> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Describe(exception);
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogDefect(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        httpContext.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
    }

    /// <summary>Adds the handler and the trace id that every problem carries.</summary>
    public static IServiceCollection Add(IServiceCollection services) => services
        .AddExceptionHandler<ProblemMapping>()
        .AddProblemDetails(options => options.CustomizeProblemDetails = static context =>
            context.ProblemDetails.Extensions["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier);

    private static ProblemDetails Describe(Exception exception) => exception switch
    {
        ManifestException e => new()
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "The manifest can't be read",
            Detail = e.Message,
            Extensions = { ["file"] = e.File, ["line"] = e.Line, ["column"] = e.Column },
        },
        RequestException e => new()
        {
            Status = (int)e.StatusCode,
            Title = e.Message,
            Extensions = { ["field"] = e.Field },
        },
        BadHttpRequestException e => new() { Status = e.StatusCode, Title = "The request can't be read", Detail = e.Message },
        KubeApiException e => new()
        {
            Status = (int)e.StatusCode >= 500 ? StatusCodes.Status502BadGateway : (int)e.StatusCode,
            Title = "The Kubernetes API refused",
            Detail = e.Message,
            Extensions = { ["causes"] = e.Causes },
        },
        HttpRequestException or TimeoutException => new()
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Title = "The Kubernetes API can't be reached",
            Detail = "What is shown may be old, and nothing can be changed until it is back. It is tried again by itself.",
        },
        _ => new() { Status = StatusCodes.Status500InternalServerError, Title = "Something went wrong here", Detail = "It was logged under the trace id." },
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed by a defect")]
    private partial void LogDefect(Exception exception, string method, string path);
}

/// <summary>A request that is refused because of one of its fields.</summary>
/// <param name="statusCode">HTTP status.</param>
/// <param name="field">Field at fault.</param>
/// <param name="message">What is wrong with it.</param>
public sealed class RequestException(HttpStatusCode statusCode, string field, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>Field at fault.</summary>
    public string Field { get; } = field;

    /// <summary>A parameter with a wrong value.</summary>
    public static RequestException BadParameter(string field, string message) => new(HttpStatusCode.BadRequest, field, message);
}
