namespace ControlPlane.Kubernetes.Resources.Rollouts;

/// <summary>How bad an incident is.</summary>
public enum IncidentSeverity
{
    /// <summary>Everything stands, or money or data are lost: all hands, at once.</summary>
    P0,

    /// <summary>Much is broken for many.</summary>
    P1,

    /// <summary>Something is broken, and there is a way around it.</summary>
    P2,

    /// <summary>A blemish.</summary>
    P3,
}
