using System.Text.RegularExpressions;

namespace Gateway.Routing;

/// <summary>What a header or a parameter of the query must be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value, or the expression that all of it must match.</param>
/// <param name="Regex">The expression; null for a plain value.</param>
internal sealed record ValuePattern(string Name, string Value, Regex? Regex = null)
{
    public bool Matches(string value) => Regex?.IsMatch(value) ?? value == Value;
}

/// <summary>Expressions of routes: they come from anybody who may write a route, and must not cost more than the length of what they read.</summary>
internal static class SafeRegex
{
    /// <summary>Compiles an expression that must match the whole of a text; null with a problem when it can't be had in linear time.</summary>
    public static Regex? TryCompile(string pattern, out string? problem)
    {
        try
        {
            problem = null;
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // Look-around and back-references need backtracking, and huge repetitions huge automata.
            problem = e is NotSupportedException ? "it can't be evaluated in linear time (look-around, back-reference or too many repetitions)" : e.Message;
            return null;
        }
    }
}
