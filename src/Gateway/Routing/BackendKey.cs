using System.Globalization;
using ControlPlane.Kubernetes.Resources;

namespace Gateway.Routing;

/// <summary>A port of a Service, as routes name it.</summary>
internal readonly record struct BackendKey(ObjectKey Service, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Service}:{Port}");
}
