using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Resources;
using LocalCluster.Selectors;

namespace LocalCluster.Admission.Policies;

/// <summary>Which requests a policy or a binding is about (<c>MatchResources</c>).</summary>
internal sealed class MatchCriteria
{
    private readonly IReadOnlyList<ResourceRule> _rules;
    private readonly IReadOnlyList<ResourceRule> _exclusions;
    private readonly LabelSelector _namespaces;
    private readonly LabelSelector _objects;
    private readonly bool _isExact;

    private MatchCriteria(JsonNode? json)
    {
        _rules = ResourceRule.ReadAll(json, "resourceRules");
        _exclusions = ResourceRule.ReadAll(json, "excludeResourceRules");
        _namespaces = ReadSelector(json, "namespaceSelector");
        _objects = ReadSelector(json, "objectSelector");
        _isExact = json.Text("matchPolicy") == "Exact";
    }

    /// <summary>Reads them. What is absent does not restrict.</summary>
    public static MatchCriteria Read(JsonNode? json) => new(json);

    /// <summary>True when requests for a resource, in whatever version and for whatever part, may match.</summary>
    public bool MayMatch(IReadOnlyList<ApiResource> versions) =>
        _rules.Count == 0 || _rules.Any(rule => versions.Any(version => rule.MayMatch(version.Type)));

    /// <summary>Tells whether a request matches.</summary>
    /// <returns>The version of the resource that the policy is to see, which the request need not have been made in; null for no match.</returns>
    public ApiResource? Match(PolicyRequest request)
    {
        if (!_namespaces.IsEmpty && request.NamespaceLabels is { } labels && !_namespaces.Matches(labels))
        {
            return null;
        }

        if (!_objects.IsEmpty && !request.ObjectLabels.Any(_objects.Matches))
        {
            return null;
        }

        return Match(_exclusions, request) is not null ? null
            : _rules.Count == 0 ? request.Resource
            : Match(_rules, request);
    }

    private ApiResource? Match(IReadOnlyList<ResourceRule> rules, PolicyRequest request) =>
        rules.Any(rule => rule.Matches(request, request.Resource.Type)) ? request.Resource
        : _isExact || rules.Count == 0 ? null
        : rules.SelectMany(rule => request.OtherVersions.Where(other => rule.Matches(request, other.Type))).FirstOrDefault();

    private static LabelSelector ReadSelector(JsonNode? json, string name) =>
        json.At(name) is JsonObject selector ? LabelSelector.Read(selector) : LabelSelector.Everything;
}

/// <summary>One rule of <see cref="MatchCriteria"/> (<c>NamedRuleWithOperations</c>).</summary>
internal sealed class ResourceRule
{
    private const string Any = "*";

    private readonly IReadOnlyList<string> _operations;
    private readonly IReadOnlyList<string> _groups;
    private readonly IReadOnlyList<string> _versions;
    private readonly IReadOnlyList<(string Resource, string Subresource)> _resources;
    private readonly IReadOnlyList<string> _names;
    private readonly string _scope;

    private ResourceRule(JsonNode json)
    {
        _operations = json.Texts("operations");
        _groups = json.Texts("apiGroups");
        _versions = json.Texts("apiVersions");
        _resources = [.. json.Texts("resources").Select(Split)];
        _names = json.Texts("resourceNames");
        _scope = json.Text("scope");
    }

    /// <summary>Reads the rules of a list.</summary>
    public static IReadOnlyList<ResourceRule> ReadAll(JsonNode? criteria, string list) =>
        [.. criteria.Items(list).Select(json => new ResourceRule(json))];

    /// <summary>The resource and the subresource of <c>deployments/scale</c>; without a slash there is no subresource.</summary>
    public static (string Resource, string Subresource) Split(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (text[..slash], text[(slash + 1)..]) : (text, "");

    /// <summary>True when some request for the resource matches.</summary>
    public bool MayMatch(ResourceType type) =>
        Names(_groups, type.Group) && Names(_versions, type.Version) && _resources.Any(r => r.Resource is Any || r.Resource == type.Plural);

    /// <summary>True when a request matches, taken as one for the given version of its resource.</summary>
    public bool Matches(PolicyRequest request, ResourceType type) =>
        Names(_operations, request.Operation)
        && Names(_groups, type.Group)
        && Names(_versions, type.Version)
        && _resources.Any(r => (r.Resource is Any || r.Resource == type.Plural) && (r.Subresource is Any || r.Subresource == request.Subresource))
        && (_scope is "" or Any || _scope == (type.Namespaced ? "Namespaced" : "Cluster"))
        && (_names.Count == 0 || _names.Contains(request.Name));

    private static bool Names(IReadOnlyList<string> names, string name) => names.Contains(Any) || names.Contains(name);
}
