using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Compliance.Audit;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Http;
using ControlPlane.Api.Approvals;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using Microsoft.AspNetCore.Http;
using Operators.Metrics;

namespace ControlPlane.Api.Problems;

/// <summary>A failure in words that help: what it is, and what to do about it. The same for REST and for pages.</summary>
/// <param name="Status">HTTP status that says the same.</param>
/// <param name="Title">What it is.</param>
/// <param name="Detail">What is known about it, and what to do; null when the title says it all.</param>
/// <param name="Extensions">What programs want to know besides.</param>
public sealed partial record ProblemDescription(HttpStatusCode Status, string Title, string? Detail, IReadOnlyDictionary<string, object?> Extensions)
{
    private static readonly IReadOnlyDictionary<string, object?> None = new Dictionary<string, object?>();

    /// <summary>True when the failure is a defect of ours, which belongs into the log.</summary>
    public bool IsDefect => Status == HttpStatusCode.InternalServerError;

    /// <summary>Describes an exception.</summary>
    public static ProblemDescription Of(Exception exception) => exception switch
    {
        ManifestException e => new(
            HttpStatusCode.BadRequest,
            "The manifest can't be read",
            e.Message,
            new Dictionary<string, object?> { ["file"] = e.File, ["line"] = e.Line, ["column"] = e.Column }),
        UnknownCallerException e => new(HttpStatusCode.Unauthorized, e.Message, Detail: null, new Dictionary<string, object?> { ["reason"] = e.Code }),
        AccessException e => new(e.StatusCode, e.Message, Detail: null, new Dictionary<string, object?> { ["permission"] = e.Permission.Name }),
        CrossSiteException e => new(HttpStatusCode.Forbidden, e.Message, "Only pages of this console may change anything with your session.", new Dictionary<string, object?> { ["reason"] = "cross_site" }),
        BlockedException e => new(
            HttpStatusCode.Forbidden,
            e.Message,
            "What came from your address under your name looked suspicious. It ends by itself within an hour; an admin can lift it before.",
            new Dictionary<string, object?> { ["reason"] = "blocked" }),
        RequestException e => new(e.StatusCode, e.Message, Detail: null, new Dictionary<string, object?> { ["field"] = e.Field }),
        ApprovalPendingException e => new(HttpStatusCode.Accepted, e.Message, Detail: null, new Dictionary<string, object?> { ["approval"] = e.Approval }),
        AuditUnavailableException e => new(
            HttpStatusCode.ServiceUnavailable,
            "Nothing can be changed now: the audit log takes no entries",
            $"{e.Message}. No change without its record: changes are not taken until the log is back. Looking is possible meanwhile.",
            None),
        RetentionException e => new(HttpStatusCode.Conflict, "Nothing was removed: the log does not allow it as it is", e.Message, None),
        MetricsException e => new(
            e.Failure is MetricsFailure.BadExpression or MetricsFailure.SeveralSeries ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.ServiceUnavailable,
            "Traffic can't be told",
            $"{char.ToUpperInvariant(e.Message[0])}{e.Message[1..]}.",
            new Dictionary<string, object?> { ["failure"] = e.Failure.ToString() }),
        BadHttpRequestException e => Unreadable(e),
        KubeApiException e => new(
            (int)e.StatusCode >= 500 ? HttpStatusCode.BadGateway : e.StatusCode,
            "The Kubernetes API refused",
            e.Message,
            new Dictionary<string, object?> { ["causes"] = e.Causes }),
        HttpRequestException or TimeoutException => new(
            HttpStatusCode.ServiceUnavailable,
            "The Kubernetes API can't be reached",
            "What is shown may be old, and nothing can be changed until it is back. It is tried again by itself.",
            None),
        _ => new(HttpStatusCode.InternalServerError, "Something went wrong here", "It was logged under the trace id.", None),
    };

    /// <summary>ASP.NET Core tells which parameter does not fit only in words, and under the name of our property.</summary>
    private static ProblemDescription Unreadable(BadHttpRequestException exception) =>
        UnfitParameter().Match(exception.Message) is { Success: true } match
            ? new(
                (HttpStatusCode)exception.StatusCode,
                $"'{match.Groups["value"].Value}' does not fit {JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value)}",
                Detail: null,
                new Dictionary<string, object?> { ["field"] = JsonNamingPolicy.CamelCase.ConvertName(match.Groups["name"].Value) })
            : new((HttpStatusCode)exception.StatusCode, "The request can't be read", exception.Message, None);

    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnfitParameter();
}
