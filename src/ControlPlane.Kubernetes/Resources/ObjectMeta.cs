using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>Anything that a Kubernetes API stores.</summary>
public interface IKubeObject
{
    /// <summary>Its identity and labels.</summary>
    ObjectMeta Metadata { get; }
}

/// <summary>
/// The part of <c>metadata</c> that controllers use. <c>managedFields</c> is left out on purpose: it is often the larger half of an object,
/// and a cache of a whole fleet must not hold it.
/// </summary>
public sealed record ObjectMeta
{
    /// <summary>Name, unique in its namespace and kind.</summary>
    public string Name { get; init; } = "";

    /// <summary>Namespace; empty for objects of the whole cluster.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Unique over all time; a deleted and re-created object has another.</summary>
    public string? Uid { get; init; }

    /// <summary>Opaque version of the stored object.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Counts changes of the desired state.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Generation { get; init; }

    /// <summary>When the API accepted it (UTC).</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Set once deletion was asked for and finalizers still hold the object (UTC).</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Seconds that a deleted object has to end before <see cref="DeletionTimestamp"/>; null for kinds that end at once.</summary>
    public long? DeletionGracePeriodSeconds { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = StringMap.Empty;

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = StringMap.Empty;

    /// <summary>Objects that this one belongs to.</summary>
    public IReadOnlyList<OwnerReference> OwnerReferences { get; init; } = [];

    /// <summary>Who must finish before the object may go.</summary>
    public IReadOnlyList<string> Finalizers { get; init; } = [];

    /// <summary>Names the object within its kind.</summary>
    [JsonIgnore]
    public ObjectKey Key => new(Namespace, Name);

    /// <summary>The owner that controls this object, if any.</summary>
    [JsonIgnore]
    public OwnerReference? ControllerOwner => OwnerReferences.FirstOrDefault(o => o.Controller);
}

/// <summary>One entry of <c>metadata.ownerReferences</c>.</summary>
public sealed record OwnerReference
{
    /// <summary>API version of the owner.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>Kind of the owner.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Name of the owner, in the same namespace or of the whole cluster.</summary>
    public string Name { get; init; } = "";

    /// <summary>Uid of the owner.</summary>
    public string Uid { get; init; } = "";

    /// <summary>True for the one owner that manages the object.</summary>
    public bool Controller { get; init; }

    /// <summary>True when a foreground deletion of the owner waits for this object.</summary>
    public bool BlockOwnerDeletion { get; init; }
}
