using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Registry;

/// <summary>Hears of every write that an operator made to the cluster. Must be quick and must not throw.</summary>
public interface IChangeObserver
{
    /// <summary>Something was written.</summary>
    /// <param name="service">The service that it was written for.</param>
    /// <param name="change">What.</param>
    /// <param name="cause">Because of which change.</param>
    void Changed(ObjectKey service, AppliedChange change, string? cause);
}
