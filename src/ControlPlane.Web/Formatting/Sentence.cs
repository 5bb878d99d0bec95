namespace ControlPlane.Web.Formatting;

/// <summary>Makes sentences of what operators and clusters report in half ones.</summary>
public static class Sentence
{
    /// <summary>With a capital in front and a full stop behind.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..] + (text[^1] is '.' or '!' or '?' or ':' ? "" : ".");
    }
}
