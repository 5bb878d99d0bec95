using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Incidents;

/// <summary>Reads how incidents write services.</summary>
public static class IncidentServiceKey
{
    /// <summary>Namespace and name; of what is not written so, a key that no service has.</summary>
    public static ObjectKey Of(string service) => service.Split('/') is [{ Length: > 0 } ns, { Length: > 0 } name] ? new(ns, name) : new("", service);
}
