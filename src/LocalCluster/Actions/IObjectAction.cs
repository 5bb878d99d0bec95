using LocalCluster.Api;

namespace LocalCluster.Actions;

/// <summary>
/// Something that is done under a path of its own and that is not the reading or writing of an object: evicting a pod, asking for a token,
/// reviewing access.
/// </summary>
internal interface IObjectAction
{
    /// <summary>Name under which the objects of the resource would be stored, and the subresource; empty for the resource itself.</summary>
    (string Resource, string Subresource) Path { get; }

    /// <summary>Does it and answers.</summary>
    Task HandleAsync(ResourceRequest request);
}
