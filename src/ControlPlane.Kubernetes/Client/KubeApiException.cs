using System.Net;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Client;

/// <summary>A Kubernetes API refused a request. Carries the parts of its <c>Status</c>, never the whole body: that may hold secrets.</summary>
public sealed class KubeApiException : Exception
{
    /// <summary>Creates it from the parts of a <c>Status</c>.</summary>
    public KubeApiException(HttpStatusCode statusCode, string reason, string message, IReadOnlyList<StatusCause>? causes = null, TimeSpan? retryAfter = null)
        : base(message)
    {
        StatusCode = statusCode;
        Reason = reason;
        Causes = causes ?? [];
        RetryAfter = retryAfter;
    }

    /// <summary>HTTP status.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>The API's one-word reason, such as <c>Conflict</c> or <c>AlreadyExists</c>; empty when it gave none.</summary>
    public string Reason { get; }

    /// <summary>Fields at fault, or managers in conflict.</summary>
    public IReadOnlyList<StatusCause> Causes { get; }

    /// <summary>How long the server asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The object (or the kind itself) is not there.</summary>
    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    /// <summary>An object of that name exists already.</summary>
    public bool IsAlreadyExists => StatusCode == HttpStatusCode.Conflict && Reason == "AlreadyExists";

    /// <summary>Somebody else changed or owns it.</summary>
    public bool IsConflict => StatusCode == HttpStatusCode.Conflict && !IsAlreadyExists;

    /// <summary>We, or whoever asks through us, may not do that.</summary>
    public bool IsForbidden => StatusCode == HttpStatusCode.Forbidden;

    /// <summary>The resourceVersion or continue token is too old.</summary>
    public bool IsExpired => StatusCode == HttpStatusCode.Gone || Reason is "Expired" or "Gone";

    /// <summary>The request itself is wrong: repeating it changes nothing.</summary>
    public bool IsInvalid => StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge;

    internal static KubeApiException FromBody(HttpStatusCode statusCode, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        StatusBody? status = null;
        try
        {
            status = JsonSerializer.Deserialize<StatusBody>(body, KubeJson.Options);
        }
        catch (JsonException)
        {
            // A proxy or a load balancer answered; its text is of no use to a caller and may hold anything.
        }

        return FromStatus(status ?? new StatusBody(), statusCode, retryAfter);
    }

    internal static KubeApiException FromStatus(StatusBody status, HttpStatusCode statusCode, TimeSpan? retryAfter = null)
    {
        var code = status.Code is >= 400 and <= 599 ? (HttpStatusCode)status.Code : statusCode;
        var message = string.IsNullOrEmpty(status.Message) ? $"the Kubernetes API answered {(int)code} {code}" : status.Message;
        return new KubeApiException(
            code,
            status.Reason ?? "",
            message,
            status.Details?.Causes,
            retryAfter ?? (status.Details?.RetryAfterSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null));
    }

    /// <summary>metav1.Status.</summary>
    internal sealed record StatusBody
    {
        public int Code { get; init; }

        public string? Reason { get; init; }

        public string? Message { get; init; }

        public StatusDetails? Details { get; init; }
    }

    /// <summary>metav1.StatusDetails.</summary>
    internal sealed record StatusDetails
    {
        public IReadOnlyList<StatusCause> Causes { get; init; } = [];

        public int RetryAfterSeconds { get; init; }
    }
}

/// <summary>One entry of a <c>Status</c>' <c>details.causes</c>.</summary>
public sealed record StatusCause
{
    /// <summary>One word, such as <c>FieldValueInvalid</c> or <c>FieldManagerConflict</c>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What is wrong.</summary>
    public string Message { get; init; } = "";

    /// <summary>Path of the field at fault.</summary>
    public string Field { get; init; } = "";
}
