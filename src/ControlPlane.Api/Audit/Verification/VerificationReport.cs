namespace ControlPlane.Api.Audit.Verification;

/// <summary>What a verification of an entry found, step by step.</summary>
/// <param name="Index">The entry.</param>
/// <param name="Size">Entries that the checkpoint covers.</param>
/// <param name="Steps">The steps, in order. A failed one makes those after it meaningless.</param>
/// <param name="Path">The way up the tree.</param>
/// <param name="Checkpoint">The signed checkpoint.</param>
public sealed record VerificationReport(long Index, long Size, IReadOnlyList<VerificationStep> Steps, MerklePath Path, string Checkpoint)
{
    /// <summary>True when no step failed. What could not be checked does not count.</summary>
    public bool Passed => Steps.All(step => step.Result != StepResult.Failed);
}

/// <summary>A step of a verification.</summary>
/// <param name="Title">What is checked.</param>
/// <param name="How">How, so that anybody can do it again by hand.</param>
/// <param name="Found">What was found.</param>
/// <param name="Result">How it went.</param>
public sealed record VerificationStep(string Title, string How, string Found, StepResult Result);

/// <summary>How a step went.</summary>
public enum StepResult
{
    /// <summary>As it must be.</summary>
    Passed,

    /// <summary>Not as it must be: something was changed.</summary>
    Failed,

    /// <summary>There was nothing to check, and the words say what that means.</summary>
    NotChecked,
}
