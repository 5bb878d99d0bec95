using System.Text.Json.Nodes;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>Defaults of roles and of custom resource definitions (pkg/apis/rbac, apiextensions-apiserver).</summary>
internal static class PolicyDefaults
{
    public static DefaultRule[] All =>
    [
        new("io.k8s.api.rbac.v1.Subject", Subject),
        new("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition", Definition),
        new("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec", Names),
    ];

    private static void Subject(JsonObject subject)
    {
        if (subject.TextOf("kind") is "User" or "Group")
        {
            subject.SetDefault("apiGroup", () => "rbac.authorization.k8s.io");
        }
    }

    private static void Definition(JsonObject crd)
    {
        var stored = (crd["spec"] as JsonObject).ObjectsOf("versions")
            .FirstOrDefault(version => version["storage"].TryBoolean(out var storage) && storage);
        if (stored is not null)
        {
            crd.GetOrAdd("status").SetDefault("storedVersions", () => new JsonArray(stored.TextOf("name")));
        }
    }

    private static void Names(JsonObject spec)
    {
        var names = spec.GetOrAdd("names");
        var kind = names.TextOf("kind");
        if (kind.Length > 0)
        {
            names.SetDefault("singular", () => kind.ToLowerInvariant());
            names.SetDefault("listKind", () => kind + "List");
        }
    }
}
