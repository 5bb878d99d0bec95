namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>Types of what holds rollouts: words of <c>status.holds[].type</c>.</summary>
public static class RolloutHoldTypes
{
    /// <summary>An incident of P0 or P1 is open on one of its services, or on one that they depend on.</summary>
    public const string Incident = "Incident";

    /// <summary>A change freeze.</summary>
    public const string Freeze = "Freeze";

    /// <summary>The error budget of one of its services is burnt.</summary>
    public const string ErrorBudget = "ErrorBudget";

    /// <summary>As many rollouts are under way as may be.</summary>
    public const string Cap = "Cap";
}
