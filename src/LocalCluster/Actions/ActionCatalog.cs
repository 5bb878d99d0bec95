using System.Collections.Frozen;
using LocalCluster.Api;

namespace LocalCluster.Actions;

/// <summary>All actions by path.</summary>
/// <param name="actions">The actions.</param>
internal sealed class ActionCatalog(IEnumerable<IObjectAction> actions)
{
    private readonly FrozenDictionary<(string, string), IObjectAction> _byPath = actions.ToFrozenDictionary(a => a.Path);

    /// <summary>The action of a request's path, or null.</summary>
    public IObjectAction? Find(ResourceRequest request) =>
        _byPath.GetValueOrDefault((request.Resource.StorageName, request.Path.Subresource));
}
