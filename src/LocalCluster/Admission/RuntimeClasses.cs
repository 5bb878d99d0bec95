using ControlPlane.Kubernetes.Resources;
using LocalCluster.Errors;
using LocalCluster.Resources;

namespace LocalCluster.Admission;

/// <summary>A pod can only name a runtime class that exists.</summary>
internal sealed class RuntimeClasses : IAdmissionPlugin
{
    /// <inheritdoc/>
    public void Validate(AdmissionRequest request)
    {
        if (request is not { Operation: AdmissionOperation.Create, Resource.StorageName: "pods" }
            || request.Object.Json.Text("spec.runtimeClassName") is not { Length: > 0 } name)
        {
            return;
        }

        if (request.Context.Snapshot.Find("runtimeclasses.node.k8s.io", new ObjectKey("", name)) is null)
        {
            throw StatusErrors.Forbidden(
                request.Resource.Type, request.Object.Name, $"pod rejected: RuntimeClass \"{name}\" not found");
        }
    }
}
