using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Kubernetes.Resources.Traffic.Schemas;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Forwarding;

/// <summary>What the gateway itself answers: problems of RFC 9457, which say who refused and why, but nothing of what lies behind.</summary>
internal static class Answers
{
    /// <summary>Names what refused a request, so that callers and on-call staff need not guess: <c>limit;name="login";policy="shop/limits"</c>.</summary>
    public const string RefusedBy = "Dabbawala-Refused-By";

    private const string QuotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    public static Task NoRouteAsync(HttpContext context) =>
        ProblemAsync(context, StatusCodes.Status404NotFound, "No route", "No route of this gateway matches the host, path, method and headers of the request.");

    /// <summary>The client has connected for another host, and may try again with a connection for this one (RFC 9110, 15.5.20).</summary>
    public static Task MisdirectedAsync(HttpContext context) =>
        ProblemAsync(context, StatusCodes.Status421MisdirectedRequest, "Misdirected", "This connection was made for a host of another listener: connect anew for this one.");

    public static Task NoBackendAsync(HttpContext context) =>
        ProblemAsync(context, StatusCodes.Status500InternalServerError, "No backend", "The route that matches has no backend that it can use; its status says why.");

    public static Task NoInstanceAsync(HttpContext context) =>
        ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "No instance", "The service has no instance that is ready.");

    public static Task TimedOutAsync(HttpContext context) =>
        ProblemAsync(context, StatusCodes.Status504GatewayTimeout, "Timed out", "The service did not answer in the time that the route or its policy allows.");

    public static Task UnreachableAsync(HttpContext context) =>
        ProblemAsync(context, StatusCodes.Status502BadGateway, "No answer", "The connection to the service failed or broke before it answered.");

    public static Task TooLargeAsync(HttpContext context, long most)
    {
        context.Response.Headers[RefusedBy] = "size";
        return ProblemAsync(
            context, StatusCodes.Status413PayloadTooLarge, "Body too large", string.Create(CultureInfo.InvariantCulture, $"The service takes request bodies of at most {most} bytes."));
    }

    /// <summary>The caller showed nothing, or nothing that is taken (RFC 6750, 3).</summary>
    public static Task UnauthenticatedAsync(HttpContext context, string policy, string problem)
    {
        context.Response.Headers.WWWAuthenticate = problem.Length == 0 ? "Bearer" : $"Bearer error=\"invalid_token\", error_description=\"{problem}\"";
        context.Response.Headers[RefusedBy] = $"authentication;policy=\"{policy}\"";
        return ProblemAsync(context, StatusCodes.Status401Unauthorized, "Not authenticated", problem.Length == 0 ? $"The service wants to know who calls{By(policy)}: show a token or a key." : $"Refused{By(policy)}: {problem}.");
    }

    /// <summary>What is needed to verify callers is away.</summary>
    public static Task UnverifiableAsync(HttpContext context, string policy, string problem)
    {
        context.Response.Headers.RetryAfter = "10";
        context.Response.Headers[RefusedBy] = $"authentication;policy=\"{policy}\"";
        return ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "Callers can't be verified", $"Not your fault: {problem}{By(policy)}.");
    }

    /// <summary>The caller is known, and may not do this.</summary>
    public static Task ForbiddenAsync(HttpContext context, string policy)
    {
        context.Response.Headers[RefusedBy] = $"access;policy=\"{policy}\"";
        return ProblemAsync(context, StatusCodes.Status403Forbidden, "Not allowed", $"The service does not let this caller do that{By(policy)}.");
    }

    /// <summary>The body does not meet its schema.</summary>
    public static Task UnfitBodyAsync(HttpContext context, BodyCheck check, SchemaViolation violation)
    {
        context.Response.Headers[RefusedBy] = $"schema;name=\"{check.Name}\";policy=\"{check.Policy}\"";
        var place = violation.Pointer.Length == 0 ? "The body" : violation.Pointer;
        return ProblemAsync(context, new GatewayProblem
        {
            Title = "The body does not meet its schema",
            Status = StatusCodes.Status400BadRequest,
            Detail = $"{place} {violation.Message} (schema '{check.Name}'{Of(check.Policy)}).",
            Pointer = violation.Pointer,
        });
    }

    /// <summary>A limit is used up.</summary>
    public static Task LimitedAsync(HttpContext context, RateLimit limit, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Seconds(wait);
        context.Response.Headers[RefusedBy] = $"limit;name=\"{limit.Name}\";policy=\"{limit.Policy}\"";
        return ProblemAsync(
            context,
            new GatewayProblem
            {
                Type = QuotaExceeded,
                Title = "Too many requests",
                Status = StatusCodes.Status429TooManyRequests,
                Detail = $"The limit '{limit.Name}'{Of(limit.Policy)} is used up.",
                ViolatedPolicies = [limit.Name],
            });
    }

    /// <summary>The circuit is open, and nothing stands in for the service.</summary>
    public static Task CircuitOpenAsync(HttpContext context, string policy, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Seconds(wait);
        context.Response.Headers[RefusedBy] = $"circuit;policy=\"{policy}\"";
        return ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "Circuit open", $"The service fails and is given time to recover, or somebody closed it off{By(policy)}.");
    }

    /// <summary>A written answer stands in for the service.</summary>
    public static Task FallbackAsync(HttpContext context, FallbackResponse fallback, string policy)
    {
        context.Response.Headers[RefusedBy] = $"circuit;fallback=static;policy=\"{policy}\"";
        context.Response.StatusCode = fallback.Status;
        context.Response.ContentType = fallback.ContentType;
        return context.Response.WriteAsync(fallback.Body, context.RequestAborted);
    }

    /// <summary>The last good answer to the same request stands in for the service.</summary>
    public static Task LastGoodAsync(HttpContext context, LastGoodAnswer answer, TimeSpan age, string policy)
    {
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.Headers[RefusedBy] = $"circuit;fallback=last-good;policy=\"{policy}\"";
        context.Response.Headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.ContentLength = answer.Body.Length;
        return context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask();
    }

    /// <summary>Too many requests are under way to the service.</summary>
    public static Task OverflowAsync(HttpContext context, string policy)
    {
        context.Response.Headers.RetryAfter = "1";
        context.Response.Headers[RefusedBy] = $"pool;policy=\"{policy}\"";
        return ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many requests under way", $"The service has as many requests under way and waiting as it may{By(policy)}.");
    }

    private static Task ProblemAsync(HttpContext context, int status, string title, string detail) =>
        ProblemAsync(context, new GatewayProblem { Title = title, Status = status, Detail = detail });

    private static Task ProblemAsync(HttpContext context, GatewayProblem problem)
    {
        context.Response.StatusCode = problem.Status;
        var traced = problem with { TraceId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier };
        var body = JsonSerializer.SerializeToUtf8Bytes(traced, GatewayProblemJson.Default.GatewayProblem);
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static string By(string policy) => policy.Length == 0 ? "" : $" (policy {policy})";

    private static string Of(string policy) => policy.Length == 0 ? "" : $" of policy {policy}";

    /// <summary>Whole seconds, rounded up: who waits so long does not come too early.</summary>
    private static string Seconds(TimeSpan wait) => Math.Max((long)Math.Ceiling(wait.TotalSeconds), 1).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A problem (RFC 9457), with the policies that draft-ietf-httpapi-ratelimit-headers adds to it.</summary>
internal sealed record GatewayProblem
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    public string Detail { get; init; } = "";

    [JsonPropertyName("violated-policies")]
    public IReadOnlyList<string>? ViolatedPolicies { get; init; }

    /// <summary>The place in the body that is at fault (RFC 6901).</summary>
    public string? Pointer { get; init; }

    public string? TraceId { get; init; }
}

/// <summary>Problems as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayProblem))]
internal sealed partial class GatewayProblemJson : JsonSerializerContext;
