namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>Condition types and reasons of <see cref="CanaryRollout"/>.</summary>
public static class RolloutConditions
{
    /// <summary>The declaration is valid, and no other rollout moves the same service.</summary>
    public const string Accepted = "Accepted";

    /// <summary>Users have what is declared.</summary>
    public const string Ready = "Ready";

    /// <summary>The data plane sends requests where the rollout says. Absent while no canary has requests.</summary>
    public const string Programmed = "Programmed";

    /// <summary>What is declared, in Git or by hand, is what users have.</summary>
    public const string Synced = "Synced";

    /// <summary>kstatus: the operator is still at work. Present only while true.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>kstatus: the operator can't go on without a change by people. Present only while true.</summary>
    public const string Stalled = "Stalled";

    /// <summary>Reasons, by the condition that uses them.</summary>
    public static class Reasons
    {
        /// <summary>Accepted: the declaration is valid.</summary>
        public const string Valid = "Valid";

        /// <summary>Accepted=False: a field is wrong; the message names it.</summary>
        public const string Invalid = "Invalid";

        /// <summary>Accepted=False: a member does not exist, or has no workload that could have a canary.</summary>
        public const string MemberNotFound = "MemberNotFound";

        /// <summary>Accepted=False: an older rollout moves a member.</summary>
        public const string Conflict = "Conflict";

        /// <summary>Ready: users have what is declared.</summary>
        public const string Healthy = "Healthy";

        /// <summary>Ready=False: a revision is on its way.</summary>
        public const string Progressing = "Progressing";

        /// <summary>Ready=False: it waits for a time or a person.</summary>
        public const string Paused = "Paused";

        /// <summary>Ready=False: something holds it; the message says what.</summary>
        public const string Held = "Held";

        /// <summary>Ready=False, Stalled, Synced=False: what is declared failed, and users have what was before.</summary>
        public const string Degraded = "Degraded";

        /// <summary>Programmed: the traffic shows the weight.</summary>
        public const string Observed = "Observed";

        /// <summary>Programmed=Unknown: too few requests came to tell.</summary>
        public const string Pending = "Pending";

        /// <summary>Programmed=False: requests go elsewhere than the weight says.</summary>
        public const string NotObserved = "NotObserved";

        /// <summary>Programmed=False: the provider can't send requests by weight; the message says why.</summary>
        public const string Unsupported = "Unsupported";

        /// <summary>Synced: what is declared is what users have.</summary>
        public const string Same = "Same";

        /// <summary>Synced=False: users do not have what is declared (yet).</summary>
        public const string Differs = "Differs";
    }
}
