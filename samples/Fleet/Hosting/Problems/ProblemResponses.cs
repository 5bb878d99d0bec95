using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Hosting.Problems;

/// <summary>Turns what a request threw into a problem; only a defect is logged as an error.</summary>
internal sealed partial class ProblemResponses(RequestDelegate next, ILogger<ProblemResponses> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; there is nobody to answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var problem = ProblemFor(exception);
            if (problem.StatusCode == StatusCodes.Status500InternalServerError)
            {
                LogDefect(logger, exception);
            }

            await problem.ExecuteAsync(context);
        }
    }

    private static ProblemHttpResult ProblemFor(Exception exception) => exception switch
    {
        RefusedException refused => refused.Problem,
        BadHttpRequestException { InnerException: JsonException json } => Misfit(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad =>
            Problem.Invalid(FieldOf(bad), "is missing, or does not fit the API's description."),
        BadHttpRequestException bad => TypedResults.Problem(statusCode: bad.StatusCode),
        _ => Problem.Defect(),
    };

    /// <summary>
    /// Says where the JSON does not fit. The exception's own text names our types and may quote the input, so it stays inside.
    /// </summary>
    private static ProblemHttpResult Misfit(JsonException json)
    {
        var field = json.Path is null or "$" ? "body" : json.Path.TrimStart('$').TrimStart('.');
        var place = string.Create(CultureInfo.InvariantCulture, $"line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}");
        return Problem.Invalid(field, $"does not fit the API's description ({place}).");
    }

    /// <summary>The framework tells which parameter is at fault in nothing but its text: <c>parameter "int limit"</c>.</summary>
    private static string FieldOf(BadHttpRequestException bad) =>
        Parameter.Match(bad.Message) is { Success: true } match ? match.Groups["name"].Value : "body";

    [GeneratedRegex("parameter \"[^\" ]+ (?<name>\\w+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameter { get; }

    [LoggerMessage(EventName = "defect", Level = LogLevel.Error, Message = "A request failed for a reason that nobody foresaw")]
    private static partial void LogDefect(ILogger logger, Exception exception);
}
