using System.Text;

namespace LocalCluster.Cel;

/// <summary>What the message expressions of rules and policies yield, as far as it can be shown.</summary>
internal static class MessageText
{
    private const int MaxBytes = 5 * 1024;

    /// <summary>The text without space around it; null for what is empty, too long, of more than one line, or no text at all.</summary>
    public static string? Of(object? value) =>
        value is string text && text.Trim() is { Length: > 0 } message && !message.Contains('\n', StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(message) <= MaxBytes
            ? message
            : null;
}
