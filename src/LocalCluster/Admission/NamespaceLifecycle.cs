using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Errors;
using LocalCluster.Resources;

namespace LocalCluster.Admission;

/// <summary>Nothing is created in a namespace that does not exist or that is being deleted, and some namespaces stay.</summary>
internal sealed class NamespaceLifecycle : IAdmissionPlugin
{
    private static readonly ResourceType Namespaces = new("", "v1", "namespaces", "Namespace", Namespaced: false);
    private static readonly string[] Permanent = ["default", "kube-system", "kube-public"];

    /// <inheritdoc/>
    public void Validate(AdmissionRequest request)
    {
        if (request.Operation == AdmissionOperation.Delete && request.Resource.StorageName == Namespaces.Plural && Permanent.Contains(request.Object.Name))
        {
            throw StatusErrors.Forbidden(Namespaces, request.Object.Name, "this namespace may not be deleted");
        }

        if (request.Operation == AdmissionOperation.Create && request.Resource.Type.Namespaced)
        {
            CheckNamespace(request);
        }
    }

    private static void CheckNamespace(AdmissionRequest request)
    {
        var name = request.Object.Namespace;
        var stored = request.Context.Snapshot.Find(Namespaces.Plural, new ObjectKey("", name)) ?? throw StatusErrors.NotFound(Namespaces, name);
        if (!stored.IsDeleting)
        {
            return;
        }

        var refused = StatusErrors.Forbidden(
            request.Resource.Type, request.Object.Name, $"unable to create new content in namespace {name} because it is being terminated");
        refused.Details!["causes"] = new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating",
            ["message"] = $"namespace {name} is being terminated",
            ["field"] = "metadata.namespace",
        });
        throw refused;
    }
}
