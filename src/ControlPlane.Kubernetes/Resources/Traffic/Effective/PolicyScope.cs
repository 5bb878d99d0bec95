namespace ControlPlane.Kubernetes.Resources.Traffic.Effective;

/// <summary>How a policy reaches a service, the most specific way first: that is the order in which policies win.</summary>
public enum PolicyScope
{
    /// <summary>It names the service.</summary>
    Service,

    /// <summary>The service bears the labels that it selects.</summary>
    Group,

    /// <summary>It is the default of the service's namespace.</summary>
    Namespace,
}
