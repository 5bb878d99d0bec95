namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>What is decided of a rollout: the values of <see cref="RolloutDecision.Type"/>, which are the reasons of its events too.</summary>
public static class RolloutDecisions
{
    /// <summary>The first revision of all: there was nothing to compare it with.</summary>
    public const string Deployed = "Deployed";

    /// <summary>A revision set out.</summary>
    public const string Started = "Started";

    /// <summary>A step is done, and the next begins.</summary>
    public const string StepDone = "StepDone";

    /// <summary>All steps are done: the stable version takes over the revision.</summary>
    public const string Promoting = "Promoting";

    /// <summary>All users have the revision.</summary>
    public const string Promoted = "Promoted";

    /// <summary>It failed, was called back, or is declared no more: users have what they had before.</summary>
    public const string RolledBack = "RolledBack";

    /// <summary>Another revision was declared while this one was on its way.</summary>
    public const string Superseded = "Superseded";

    /// <summary>A person has a revision tried once more that failed.</summary>
    public const string Retried = "Retried";

    /// <summary>A person lets a revision pass what holds it.</summary>
    public const string Overridden = "Overridden";
}
