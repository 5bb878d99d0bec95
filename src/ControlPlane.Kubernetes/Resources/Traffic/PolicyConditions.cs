namespace ControlPlane.Kubernetes.Resources.Traffic;

/// <summary>Condition types and reasons of the traffic policies.</summary>
public static class PolicyConditions
{
    /// <summary>The policy is valid and reaches at least one service.</summary>
    public const string Accepted = "Accepted";

    /// <summary>The data plane has it, whole.</summary>
    public const string Programmed = "Programmed";

    /// <summary>Both.</summary>
    public const string Ready = "Ready";

    /// <summary>Reasons, by the condition that uses them.</summary>
    public static class Reasons
    {
        /// <summary>Accepted.</summary>
        public const string Accepted = "Accepted";

        /// <summary>Accepted=False: a field is wrong; the message names it.</summary>
        public const string Invalid = "Invalid";

        /// <summary>Accepted=False: no service is what it is for.</summary>
        public const string TargetNotFound = "TargetNotFound";

        /// <summary>Accepted=False: other policies win over every setting of it, everywhere.</summary>
        public const string Overridden = "Overridden";

        /// <summary>Programmed.</summary>
        public const string Programmed = "Programmed";

        /// <summary>Programmed=Unknown: not all of the services that it reaches have been looked at yet.</summary>
        public const string Pending = "Pending";

        /// <summary>Programmed=False: it is not accepted, so nothing of it is in the data plane.</summary>
        public const string NotAccepted = "NotAccepted";

        /// <summary>Programmed=False: the provider can't express a setting; the message names it.</summary>
        public const string Unsupported = "Unsupported";

        /// <summary>Programmed=False: the API refused an object; the message says which and why.</summary>
        public const string ApplyFailed = "ApplyFailed";

        /// <summary>Programmed=False: the cluster serves no data plane that is known here.</summary>
        public const string NoProvider = "NoProvider";
    }
}
