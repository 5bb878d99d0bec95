using System.Text.Json.Nodes;

namespace LocalCluster.Errors;

/// <summary>An answer other than success, in the form that Kubernetes clients understand.</summary>
internal sealed class StatusException : Exception
{
    /// <param name="code">HTTP status code.</param>
    /// <param name="reason">Machine-readable reason, such as <c>NotFound</c>; empty for none.</param>
    /// <param name="message">For people.</param>
    /// <param name="details">What the reason is about, or null.</param>
    public StatusException(int code, string reason, string message, JsonObject? details = null)
        : base(message)
    {
        Code = code;
        Reason = reason;
        Details = details;
    }

    /// <summary>HTTP status code.</summary>
    public int Code { get; }

    /// <summary>Machine-readable reason.</summary>
    public string Reason { get; }

    /// <summary>What the reason is about.</summary>
    public JsonObject? Details { get; }

    /// <summary>Token with which an expired list can be continued, inconsistently.</summary>
    public string? Continue { get; init; }

    /// <summary>The <c>Status</c> object.</summary>
    public JsonObject ToStatus()
    {
        var metadata = new JsonObject();
        if (Continue is not null)
        {
            metadata["continue"] = Continue;
        }

        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (Details is not null)
        {
            status["details"] = Details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }
}
