using LocalCluster.Resources;

namespace LocalCluster.Applying;

/// <summary>Keeps <c>metadata.managedFields</c>: which manager owns which field.</summary>
internal sealed class FieldManager
{
    public static void Update(ApiResource resource, KubeObject? live, KubeObject obj, string manager, string subresource)
    {
    }
}
