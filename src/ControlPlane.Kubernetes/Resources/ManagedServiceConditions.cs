namespace ControlPlane.Kubernetes.Resources;

/// <summary>Condition types and reasons of <see cref="ManagedService"/>.</summary>
public static class ManagedServiceConditions
{
    /// <summary>The declaration is valid and its objects may be made.</summary>
    public const string Accepted = "Accepted";

    /// <summary>The service runs as declared.</summary>
    public const string Ready = "Ready";

    /// <summary>What runs meets the production baseline. Absent while nothing runs that could be judged.</summary>
    public const string Baseline = "Baseline";

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

        /// <summary>Accepted=False: <c>dependsOn</c> names a service that does not exist.</summary>
        public const string UnknownDependency = "UnknownDependency";

        /// <summary>Accepted=False: <c>dependsOn</c> leads back to the service itself.</summary>
        public const string DependencyCycle = "DependencyCycle";

        /// <summary>Accepted=False: an object of that name exists and belongs to somebody else.</summary>
        public const string NotOwned = "NotOwned";

        /// <summary>Accepted=False: <c>workloadRef</c> names a workload that does not exist.</summary>
        public const string WorkloadNotFound = "WorkloadNotFound";

        /// <summary>Ready: all wanted instances serve.</summary>
        public const string AllInstancesReady = "AllInstancesReady";

        /// <summary>Ready=False: fewer instances serve than are wanted.</summary>
        public const string InstancesNotReady = "InstancesNotReady";

        /// <summary>Ready=False: a new revision is being rolled out.</summary>
        public const string RollingOut = "RollingOut";

        /// <summary>Ready=False, Stalled: the cluster gave up on a rollout.</summary>
        public const string ProgressDeadlineExceeded = "ProgressDeadlineExceeded";

        /// <summary>Ready=False: the API refused an object; the message says which and why.</summary>
        public const string ApplyFailed = "ApplyFailed";

        /// <summary>Ready: no instances are wanted.</summary>
        public const string ScaledToZero = "ScaledToZero";

        /// <summary>Baseline: nothing falls short.</summary>
        public const string Met = "Met";

        /// <summary>Baseline=False: see <c>status.shortfalls</c>.</summary>
        public const string FallsShort = "FallsShort";
    }
}
