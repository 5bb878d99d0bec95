namespace Compliance.Audit.Notes;

/// <summary>
/// RFC 4648 section 4 with exactly one text for each sequence of bytes: no white space, no missing padding, no stray bits. Signed text must not have
/// two spellings.
/// </summary>
internal static class StrictBase64
{
    /// <summary>The bytes; null when the text is not their one encoding.</summary>
    public static byte[]? Decode(string text)
    {
        var buffer = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, buffer, out var length) && Convert.ToBase64String(buffer, 0, length) == text ? buffer[..length] : null;
    }
}
