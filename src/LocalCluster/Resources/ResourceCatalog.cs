using System.Collections.Frozen;
using ControlPlane.Kubernetes.Resources;

namespace LocalCluster.Resources;

/// <summary>Everything that is served at one moment. Immutable; a change of a CustomResourceDefinition makes another.</summary>
internal sealed class ResourceCatalog
{
    private readonly FrozenDictionary<(string Group, string Version, string Plural), ApiResource> _byPath;
    private readonly FrozenDictionary<(string StorageName, string ApiVersion), ApiResource> _versions;
    private readonly FrozenDictionary<string, ApiResource> _byStorage;

    /// <param name="groups">The API groups, in the order of discovery.</param>
    public ResourceCatalog(IEnumerable<ApiGroup> groups)
    {
        Groups = [.. groups];
        _byPath = Groups.SelectMany(g => g.Versions).SelectMany(v => v.Resources)
            .ToFrozenDictionary(r => (r.Type.Group, r.Type.Version, r.Type.Plural));
        _versions = _byPath.Values.ToFrozenDictionary(r => (r.StorageName, r.Type.ApiVersion));
        _byStorage = _byPath.Values.Where(r => r.Conversion.IsIdentity).ToFrozenDictionary(r => r.StorageName);
    }

    /// <summary>API groups, the core group first.</summary>
    public IReadOnlyList<ApiGroup> Groups { get; }

    /// <summary>The resource at a path, or null.</summary>
    public ApiResource? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural));

    /// <summary>The resource, in its stored version, whose objects are stored under a name, or null.</summary>
    public ApiResource? FindStored(string storageName) => _byStorage.GetValueOrDefault(storageName);

    /// <summary>Another version of the resource whose objects are stored under a name, or null.</summary>
    public ApiResource? FindVersion(string storageName, string apiVersion) => _versions.GetValueOrDefault((storageName, apiVersion));

    /// <summary>All versions of the resource whose objects are stored under a name.</summary>
    public IReadOnlyList<ApiResource> Versions(string storageName) => [.. _byPath.Values.Where(r => r.StorageName == storageName)];

    /// <summary>The resource of a kind, or null.</summary>
    public ApiResource? FindKind(string apiVersion, string kind) =>
        _byPath.Values.FirstOrDefault(r => r.Type.Kind == kind && r.Type.ApiVersion == apiVersion);
}

/// <summary>An API group with the versions that are served of it.</summary>
/// <param name="Name">Name; empty for the core group.</param>
/// <param name="Versions">The preferred version first.</param>
internal sealed record ApiGroup(string Name, IReadOnlyList<ApiGroupVersion> Versions);

/// <summary>One version of a group.</summary>
/// <param name="Version">Such as <c>v1</c>.</param>
/// <param name="Resources">In the order of discovery.</param>
internal sealed record ApiGroupVersion(string Version, IReadOnlyList<ApiResource> Resources);
