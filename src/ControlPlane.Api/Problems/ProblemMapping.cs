using System.Net;
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

        var problem = ProblemDescription.Of(exception);
        if (problem.IsDefect)
        {
            LogDefect(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        httpContext.Response.StatusCode = (int)problem.Status;
        if (problem.Status == HttpStatusCode.Unauthorized)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Bearer"; // RFC 9110: a 401 says how to do better
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = ToDetails(problem), Exception = exception });
    }

    /// <summary>Adds the handler and the trace id that every problem carries.</summary>
    public static IServiceCollection Add(IServiceCollection services) => services
        .AddExceptionHandler<ProblemMapping>()
        .AddProblemDetails(options => options.CustomizeProblemDetails = static context =>
            context.ProblemDetails.Extensions["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier);

    /// <summary>Answers with a problem without throwing it: headers that were set before stay.</summary>
    internal static ValueTask WriteAsync(HttpContext context, ProblemDescription problem)
    {
        context.Response.StatusCode = (int)problem.Status;
        return context.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = ToDetails(problem) });
    }

    private static ProblemDetails ToDetails(ProblemDescription problem) => new()
    {
        Status = (int)problem.Status,
        Title = problem.Title,
        Detail = problem.Detail,
        Extensions = new Dictionary<string, object?>(problem.Extensions),
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
