namespace Operators.Rollouts.Evidence;

/// <summary>What the evidence says so far.</summary>
internal enum ComparisonVerdict
{
    /// <summary>Neither is shown: more requests are needed.</summary>
    NotEnoughData,

    /// <summary>The canary is shown to be less than the margin worse.</summary>
    Pass,

    /// <summary>The canary is shown to be worse than tolerated.</summary>
    Fail,
}
