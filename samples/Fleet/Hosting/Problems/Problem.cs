using System.Globalization;
using Fleet.Hosting.Calls;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Hosting.Problems;

/// <summary>Answers that say what is wrong (RFC 9457). <c>errors</c> names the field at fault, as a path into the request's JSON.</summary>
internal static class Problem
{
    /// <summary>400: the request does not fit the API's description.</summary>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) =>
        TypedResults.Problem(new HttpValidationProblemDetails(errors) { Status = StatusCodes.Status400BadRequest });

    /// <inheritdoc cref="Invalid(IDictionary{string, string[]})"/>
    public static ProblemHttpResult Invalid(string field, string message) => Invalid(Errors(field, message));

    /// <summary>402: the payment was declined.</summary>
    public static ProblemHttpResult PaymentDeclined(string field, string message) =>
        At(StatusCodes.Status402PaymentRequired, field, message);

    /// <summary>404: there is no such item, or it was forgotten: only the latest are kept.</summary>
    public static ProblemHttpResult NotFound(string kind, string id) =>
        TypedResults.Problem($"There is no {kind} '{id}'.", statusCode: StatusCodes.Status404NotFound);

    /// <summary>409: the request is sound and the present state forbids it.</summary>
    public static ProblemHttpResult Conflict(string field, string message) => At(StatusCodes.Status409Conflict, field, message);

    /// <summary>412: somebody changed the item since the caller read it.</summary>
    public static ProblemHttpResult Stale(string field, string message) => At(StatusCodes.Status412PreconditionFailed, field, message);

    /// <summary>422: the request is well-formed, but a field refers to something that is not so.</summary>
    public static ProblemHttpResult Unprocessable(string field, string message) =>
        At(StatusCodes.Status422UnprocessableEntity, field, message);

    /// <summary>503: the instance can't take the request now.</summary>
    public static ProblemHttpResult Unavailable(string message) =>
        TypedResults.Problem(message, statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <summary>503: a service that this one needs can't be reached, or fails.</summary>
    public static ProblemHttpResult DependencyFailed(string dependency) =>
        Unavailable($"The {dependency} service is not available.");

    /// <summary>504: a service that this one needs did not answer in time.</summary>
    public static ProblemHttpResult DependencyTimedOut(string dependency, TimeSpan timeout) => TypedResults.Problem(
        string.Create(CultureInfo.InvariantCulture, $"The {dependency} service did not answer within {timeout.TotalSeconds} s."),
        statusCode: StatusCodes.Status504GatewayTimeout);

    /// <summary>Passes on why a dependency refused a request that this service made for its caller.</summary>
    /// <param name="status">Status of the answer.</param>
    /// <param name="refusal">What the dependency said.</param>
    /// <param name="prefix">Where the dependency's fields are in the caller's own request.</param>
    public static ProblemHttpResult Refused(int status, Refusal refusal, string prefix) =>
        TypedResults.Problem(new HttpValidationProblemDetails(
            (refusal.Errors ?? new Dictionary<string, string[]>()).ToDictionary(e => prefix + e.Key, e => e.Value))
        {
            Status = status,
            Title = null,
            Detail = refusal.Detail,
        });

    /// <summary>500: wrong on purpose.</summary>
    public static ProblemHttpResult Faulty(string title) => TypedResults.Problem(title: title, statusCode: StatusCodes.Status500InternalServerError);

    /// <summary>500: a defect; the log says more.</summary>
    public static ProblemHttpResult Defect() => TypedResults.Problem(statusCode: StatusCodes.Status500InternalServerError);

    private static ProblemHttpResult At(int status, string field, string message) =>
        TypedResults.Problem(new HttpValidationProblemDetails(Errors(field, message)) { Status = status, Title = null, Detail = message });

    private static Dictionary<string, string[]> Errors(string field, string message) => new() { [field] = [message] };
}
