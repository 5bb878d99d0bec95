using System.Net;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Commands;

/// <summary>Why somebody asks for a change: the header that carries it, and what is wrong with one.</summary>
public static class Reasons
{
    /// <summary>Header that gives the reason of a request.</summary>
    public const string Header = "X-Reason";

    /// <summary>The reason that a request gives; null when it gives none. Percent-encoded UTF-8 is decoded: headers carry ASCII only.</summary>
    public static string? Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers[Header].ToString() is { Length: > 0 } text ? Uri.UnescapeDataString(text).Trim() : null;
    }

    /// <summary>What is wrong with a reason; null when it will do.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="isWanted">True when there must be one.</param>
    internal static RequestException? Objection(string? reason, bool isWanted) => reason switch
    {
        null or "" when isWanted => Bad($"say why: this change takes a reason (header {Header})"),
        { Length: > Command.LongestReason } => Bad($"a reason has at most {Command.LongestReason} characters"),
        { } text when text.Any(letter => char.IsControl(letter) && letter is not '\n') => Bad("a reason is plain text, without control characters"),
        _ => null,
    };

    private static RequestException Bad(string message) => new(HttpStatusCode.UnprocessableEntity, "reason", message);
}
