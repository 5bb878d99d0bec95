using System.Text.Json.Nodes;
using LocalCluster.Cel;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Admission.Policies;

/// <summary>
/// Holds the expressions of a ValidatingAdmissionPolicy against the schemas of the kinds that its rules name
/// (apiserver/pkg/admission/plugin/policy/validating/typechecking.go). A warning changes nothing about what the policy does.
/// </summary>
internal static class TypeChecking
{
    private const int MaxTypes = 10;

    /// <summary>Finds the warnings: where, and what for each kind.</summary>
    public static IReadOnlyList<JsonObject> Check(KubeObject policy, ResourceCatalog catalog)
    {
        var spec = policy.Json["spec"];
        var paramKind = catalog.FindKind(spec.Text("paramKind.apiVersion"), spec.Text("paramKind.kind"));
        var parameters = paramKind is null ? null : TypeOf(paramKind);
        var kinds = Kinds(spec, catalog).Select(kind => (kind.Type, Object: TypeOf(kind))).Where(kind => kind.Object is not null);
        var issues = new Dictionary<string, List<string>>();
        foreach (var (type, obj) in kinds)
        {
            var compiled = PolicyReader.Read(policy, new PolicyTypes(obj!, parameters));
            foreach (var expression in compiled.Validations.SelectMany(validation => validation.Expressions))
            {
                if (!issues.TryGetValue(expression.Path, out var found))
                {
                    issues[expression.Path] = found = [];
                }

                if (expression.Issues is not null)
                {
                    found.Add($"{new KindName(type.ApiVersion, type.Kind)}: {expression.Issues}\n");
                }
            }
        }

        return
        [
            .. issues.Where(issue => issue.Value.Count > 0)
                .Select(issue => new JsonObject { ["fieldRef"] = issue.Key, ["warning"] = string.Join('\n', issue.Value) }),
        ];
    }

    // A wildcard names no kind.
    private static IEnumerable<ApiResource> Kinds(JsonNode? spec, ResourceCatalog catalog)
    {
        var kinds =
            from rule in spec.Items("matchConstraints.resourceRules")
            from name in rule.Texts("apiGroups")
            from version in rule.Texts("apiVersions")
            from resource in rule.Texts("resources")
            select catalog.Find(name, version, resource);
        return kinds.OfType<ApiResource>().Take(MaxTypes).Distinct()
            .OrderBy(kind => kind.Type.Group, StringComparer.Ordinal)
            .ThenBy(kind => kind.Type.Version, StringComparer.Ordinal)
            .ThenBy(kind => kind.Type.Kind, StringComparer.Ordinal);
    }

    private static CelType? TypeOf(ApiResource kind) => SchemaBinding.TypeOf(kind.MergeSchema, kind.Type.Kind);
}
