using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Api;
using LocalCluster.Cel;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Admission.Policies;

/// <summary>A request as policies see it. What a policy did to the object is seen by the next.</summary>
/// <param name="request">The request.</param>
/// <param name="catalog">What is served.</param>
internal sealed class PolicyRequest(AdmissionRequest request, ResourceCatalog catalog)
{
    private const string Namespaces = "namespaces";

    /// <summary>CREATE, UPDATE or DELETE.</summary>
    public string Operation => request.Operation.ToString().ToUpperInvariant();

    /// <summary>The resource, in the version of the request.</summary>
    public ApiResource Resource => request.Resource;

    /// <summary>Part of the object that is written; empty for the object itself.</summary>
    public string Subresource => request.Subresource;

    /// <summary>Name of the object.</summary>
    public string Name => request.Object.Name;

    /// <summary>Its namespace; a namespace is in itself.</summary>
    public string Namespace => IsNamespace ? Name : request.Object.Namespace;

    /// <summary>All that is stored.</summary>
    public StoreSnapshot Snapshot => request.Context.Snapshot;

    /// <summary>What is served.</summary>
    public ResourceCatalog Catalog => catalog;

    /// <summary>The other versions of the resource.</summary>
    public IReadOnlyList<ApiResource> OtherVersions => field ??= [.. catalog.Versions(Resource.StorageName).Where(version => version != Resource)];

    /// <summary>Labels of the object, before and after.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> ObjectLabels =>
        from obj in new[] { After(Resource), Before(Resource) } where obj is not null select LabelsOf(obj);

    /// <summary>Labels of the namespace that the object is in, or that it is; null when it is in none.</summary>
    public IReadOnlyDictionary<string, string>? NamespaceLabels =>
        IsNamespace && Subresource.Length == 0 && request.Operation != AdmissionOperation.Delete ? LabelsOf(request.Object)
        : Namespace.Length == 0 ? null
        : FindNamespace(Namespace) is { } ns ? LabelsOf(ns)
        : null;

    private bool IsNamespace => Resource.StorageName == Namespaces;

    /// <summary>Labels of an object.</summary>
    public static IReadOnlyDictionary<string, string> LabelsOf(KubeObject obj) =>
        (obj.Labels ?? []).ToDictionary(label => label.Key, label => (string?)label.Value ?? "");

    /// <summary>What the request shows and writes of objects, in one of its versions.</summary>
    public IObjectView View(ApiResource version) => IObjectView.Of(version, Subresource);

    /// <summary>The whole object as it would be stored, in one of its versions; it must not be changed. Null when it would go.</summary>
    public KubeObject? WholeAfter(ApiResource version) =>
        request.Operation == AdmissionOperation.Delete ? null : Convert(request.Object, version);

    /// <summary>The object, or the part of it that is written, as it would be; it must not be changed. Null when it would go.</summary>
    public KubeObject? After(ApiResource version) => WholeAfter(version) is { } obj ? View(version).Show(obj) : null;

    /// <summary>The object, or the part of it that is written, as it is; it must not be changed. Null when it is new.</summary>
    public KubeObject? Before(ApiResource version) =>
        request.Old is { } old ? View(version).Show(Convert(old, version)) : null;

    /// <summary>The value of <c>namespaceObject</c>.</summary>
    public object NamespaceValue() => !IsNamespace && Namespace.Length > 0 && FindNamespace(Namespace) is { } ns
        ? JsonBinding.ToValue(ns.Json, PolicyEnvironment.NamespaceType)
        : CelNull.Value;

    /// <summary>The value of <c>request</c>.</summary>
    /// <param name="version">The version of the resource that the policy sees.</param>
    public object RequestValue(ApiResource version)
    {
        var json = new JsonObject
        {
            ["kind"] = Identity(View(version).Shape.Type, "kind"),
            ["resource"] = Identity(version.Type, "resource"),
            ["requestKind"] = Identity(View(Resource).Shape.Type, "kind"),
            ["requestResource"] = Identity(Resource.Type, "resource"),
            ["operation"] = Operation,
            ["userInfo"] = request.Context.Request.User.ToJson(),
            ["dryRun"] = request.Context.Request.DryRun,
            ["options"] = new JsonObject { ["kind"] = $"{request.Operation}Options", ["apiVersion"] = "meta.k8s.io/v1" },
        };
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)
            [("subResource", Subresource), ("requestSubResource", Subresource), ("name", Name), ("namespace", Namespace)])
        {
            if (text.Length > 0)
            {
                json[name] = text;
            }
        }

        return JsonBinding.ToValue(json, PolicyEnvironment.RequestType);
    }

    private static JsonObject Identity(ResourceType type, string last) => new()
    {
        ["group"] = type.Group,
        ["version"] = type.Version,
        [last] = last == "kind" ? type.Kind : type.Plural,
    };

    private static KubeObject Convert(KubeObject stored, ApiResource version)
    {
        if (version.Conversion.IsIdentity)
        {
            return stored;
        }

        var converted = stored.Clone();
        version.Conversion.FromStored(converted);
        return converted;
    }

    private KubeObject? FindNamespace(string name) =>
        Snapshot.Find(Namespaces, new ObjectKey("", name)) is { } stored ? KubeObject.Parse(stored) : null;
}
