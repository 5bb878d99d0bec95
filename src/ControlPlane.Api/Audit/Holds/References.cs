using ControlPlane.Api.Problems;

namespace ControlPlane.Api.Audit.Holds;

/// <summary>What proceedings and requests are called elsewhere: case numbers, file numbers, ticket ids. They go into the log, so they must name nobody.</summary>
internal static class References
{
    private const int Longest = 100;

    /// <summary>The reference.</summary>
    /// <exception cref="RequestException">There is none, or it does not do.</exception>
    public static string Read(string? text) => text?.Trim() switch
    {
        null or "" => throw RequestException.BadParameter("reference", "say which case or request it is for: a number or id, without names of people"),
        { Length: > Longest } => throw RequestException.BadParameter("reference", $"a reference has at most {Longest} characters"),
        { } reference when reference.Any(char.IsControl) => throw RequestException.BadParameter("reference", "a reference is one line of plain text"),
        { } reference when reference.Contains('@', StringComparison.Ordinal) => throw RequestException.BadParameter("reference", "this looks like an e-mail address: a reference stays in the log for ever, so it must name nobody"),
        { } reference => reference,
    };
}
