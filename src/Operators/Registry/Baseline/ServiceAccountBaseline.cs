using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Registry.Baseline;

/// <summary>The ServiceAccount, and a Role of exactly what is declared. Without declared permissions there is no Role and no token.</summary>
internal static class ServiceAccountBaseline
{
    public static IEnumerable<DesiredObject> Plan(ManagedService service)
    {
        var workload = service.Spec.Workload!;
        var account = workload.ObjectNames?.ServiceAccount ?? service.Metadata.Name;
        yield return DesiredObject.From(KnownResources.ServiceAccounts, new V1ServiceAccount
        {
            Metadata = BaselineMetadata.For(service, account),
            AutomountServiceAccountToken = workload.Permissions.Count > 0,
        });
        if (workload.Permissions.Count == 0)
        {
            yield break;
        }

        var role = workload.ObjectNames?.Role ?? service.Metadata.Name;
        yield return DesiredObject.From(KnownResources.Roles, new V1Role
        {
            Metadata = BaselineMetadata.For(service, role),
            Rules = [.. workload.Permissions.Select(permission => new V1PolicyRule
            {
                ApiGroups = [GroupOf(permission.Resource)],
                Resources = [permission.Resource],
                ResourceNames = permission.Names.Count > 0 ? [.. permission.Names] : null,
                Verbs = [.. permission.Verbs],
            })],
        });
        yield return DesiredObject.From(KnownResources.RoleBindings, new V1RoleBinding
        {
            Metadata = BaselineMetadata.For(service, workload.ObjectNames?.RoleBinding),
            RoleRef = new V1RoleRef { ApiGroup = KnownResources.Roles.Group, Kind = KnownResources.Roles.Kind, Name = role },
            Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = account, NamespaceProperty = service.Metadata.Namespace }],
        });
    }

    private static string GroupOf(string resource) => resource switch
    {
        "leases" => "coordination.k8s.io",
        "endpointslices" => "discovery.k8s.io",
        _ => "",
    };
}
