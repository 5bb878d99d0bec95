namespace Operators.Registry.Baseline;

/// <summary>How much it matters that something falls short.</summary>
public enum ShortfallSeverity
{
    /// <summary>Better done otherwise.</summary>
    Advice,

    /// <summary>Below the production baseline.</summary>
    Warning,

    /// <summary>Open to attack, or does not work.</summary>
    Error,
}

/// <summary>A field of a pod template that falls short of the production baseline.</summary>
/// <param name="Field">Its path.</param>
/// <param name="Message">What the baseline asks for, and why. Never holds the value of a variable.</param>
/// <param name="Severity">How much it matters.</param>
internal sealed record PodShortfall(string Field, string Message, ShortfallSeverity Severity);
