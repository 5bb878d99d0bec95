using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry;

/// <summary>
/// The rules of a kind beyond its schema, as Kubernetes' own registry strategies have them. This class holds for kinds that have no
/// rules of their own; objects are in the version that is stored.
/// </summary>
internal class ObjectStrategy
{
    /// <summary>For kinds without rules of their own.</summary>
    public static ObjectStrategy Default { get; } = new();

    /// <summary>True when a change of anything but metadata and status raises <c>metadata.generation</c>.</summary>
    public bool CountsGenerations { get; init; }

    /// <summary>True when replacing an object that does not exist creates it.</summary>
    public bool AllowCreateOnUpdate { get; init; }

    /// <summary>True when a new object may come with a status.</summary>
    public bool AcceptsStatusOnCreate { get; init; }

    /// <summary>True when an update need not say which version it replaces.</summary>
    public bool AllowUnconditionalUpdate { get; init; } = true;

    /// <summary>True when a deletion answers with the object rather than with a status.</summary>
    public bool ReturnsDeletedObject { get; init; }

    /// <summary>What happens to dependents when the client does not say.</summary>
    public Propagation DefaultPropagation { get; init; } = Propagation.Background;

    /// <summary>Why a name can't be one of this kind; null when it can.</summary>
    public Func<string, string?> NameRule { get; init; } = NameRules.Dns1123Subdomain;

    /// <summary>
    /// Held while an object is created or changed, where what it is given depends on what all others have; null for most kinds.
    /// </summary>
    public virtual SemaphoreSlim? Turn => null;

    /// <summary>Sets what a client can't, before validation.</summary>
    public virtual void PrepareForCreate(KubeObject obj, RegistryContext context)
    {
    }

    /// <summary>Sets and protects what a client can't change, before validation.</summary>
    public virtual void PrepareForUpdate(KubeObject obj, KubeObject old, RegistryContext context)
    {
    }

    /// <summary>
    /// Protects what a write through a subresource can't change. For the status, all but metadata and status is kept already.
    /// </summary>
    public virtual void PrepareForSubresourceUpdate(string subresource, KubeObject obj, KubeObject old, RegistryContext context)
    {
    }

    /// <summary>What is wrong with an object that the schema does not say.</summary>
    /// <param name="obj">The object.</param>
    /// <param name="old">The object that it replaces; null for a new one.</param>
    /// <param name="context">What else is known.</param>
    public virtual IEnumerable<FieldError> Validate(KubeObject obj, KubeObject? old, RegistryContext context) => [];

    /// <summary>Seconds that an object has to end; null when it ends at once.</summary>
    /// <param name="obj">The object.</param>
    /// <param name="requested">Seconds that the client asks for, if it does.</param>
    public virtual long? GracePeriod(KubeObject obj, long? requested) => null;

    /// <summary>True when an object that is marked as deleted, and has no finalizers left, can go.</summary>
    public virtual bool CanGo(KubeObject obj) => true;

    /// <summary>Told when deletion of an object has been asked for and it can't go yet.</summary>
    public virtual void PrepareForDeletion(KubeObject obj)
    {
    }

    /// <summary>
    /// True when nothing changed that generations count: all but metadata, and the status where that is written apart.
    /// </summary>
    public virtual bool SameDesiredState(KubeObject obj, KubeObject old)
    {
        foreach (var name in obj.Json.Select(p => p.Key).Union(old.Json.Select(p => p.Key)))
        {
            if (name is not ("metadata" or "apiVersion") && !JsonNode.DeepEquals(obj.Json[name], old.Json[name]))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What happens to the objects that belong to one that is deleted.</summary>
internal enum Propagation
{
    /// <summary>They are deleted after it.</summary>
    Background,

    /// <summary>They are deleted before it.</summary>
    Foreground,

    /// <summary>They stay, without owner.</summary>
    Orphan,
}
