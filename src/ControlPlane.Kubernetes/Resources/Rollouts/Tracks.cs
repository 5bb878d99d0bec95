namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>Which of the versions of a service that run beside each other a pod belongs to, by its label.</summary>
public static class Tracks
{
    /// <summary>The label.</summary>
    public const string Label = FleetApi.Group + "/track";

    /// <summary>What users have when no rollout is under way.</summary>
    public const string Stable = "stable";

    /// <summary>What is on its way to them.</summary>
    public const string Canary = "canary";
}
