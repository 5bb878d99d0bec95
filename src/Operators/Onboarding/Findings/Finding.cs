using Operators.Onboarding.Existing;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Findings;

/// <summary>Something about existing objects that people should look at.</summary>
/// <param name="Object">The object at fault.</param>
/// <param name="Field">Path of the field at fault.</param>
/// <param name="Message">What is wrong, and what would be right. Never holds a secret.</param>
/// <param name="Severity">How much it matters.</param>
public sealed record Finding(ObjectReference Object, string Field, string Message, ShortfallSeverity Severity)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Severity}: {Object} {Field}: {Message}";
}
