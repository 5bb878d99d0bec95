using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace LocalCluster.Schemas;

/// <summary>
/// One node of a structural schema, of a custom resource or of a built-in kind. Immutable. Nodes below a logical junctor
/// (<see cref="ValueConstraints.AllOf"/> and its like) are of the same class, without a type.
/// </summary>
/// <remarks>
/// The structural schema is the one that Kubernetes defines for custom resources (KEP-1693): every field has its type outside
/// of the junctors, so that defaulting, pruning and merging need no search.
/// </remarks>
internal sealed record SchemaNode
{
    private static readonly FrozenDictionary<string, SchemaNode> NoProperties = FrozenDictionary<string, SchemaNode>.Empty;

    private readonly Lazy<IReadOnlyDictionary<string, SchemaNode>>? _lazyProperties;
    private readonly IReadOnlyDictionary<string, SchemaNode>? _properties;
    private readonly string? _description;

    /// <summary>Takes any JSON and keeps it as it is.</summary>
    public static SchemaNode Anything { get; } = new() { PreserveUnknownFields = true };

    /// <summary>What JSON is taken.</summary>
    public SchemaType Type { get; init; }

    /// <summary>The <c>title</c>, which is documentation only.</summary>
    public string? Title { get; init; }

    /// <summary>What <c>kubectl explain</c> shows. For a built-in kind it is looked up on the first call.</summary>
    public string? Description
    {
        get => _description ?? Describe?.Invoke();
        init => _description = value;
    }

    /// <summary>Where <see cref="Description"/> comes from when it is not known yet.</summary>
    public Func<string?>? Describe { get; init; }

    /// <summary>True when null is a value of its own; otherwise a null is dropped, or replaced by the default.</summary>
    public bool Nullable { get; init; }

    /// <summary>The value of the field where it is absent. Callers clone it before they put it into an object.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>Named properties of an object; empty, not null.</summary>
    public IReadOnlyDictionary<string, SchemaNode> Properties
    {
        get => _properties ?? _lazyProperties?.Value ?? NoProperties;
        init => _properties = value;
    }

    /// <summary>Properties that are only built when they are needed, because the types of some built-in kinds are recursive.</summary>
    public Lazy<IReadOnlyDictionary<string, SchemaNode>> LazyProperties
    {
        init => _lazyProperties = value;
    }

    /// <summary>What each item of an array looks like.</summary>
    public SchemaNode? Items { get; init; }

    /// <summary>What each value of a map looks like; null when there is no map or when <c>additionalProperties: true</c> says no more.</summary>
    public SchemaNode? AdditionalProperties { get; init; }

    /// <summary>True when keys beside <see cref="Properties"/> are part of the schema.</summary>
    public bool AllowsAdditionalProperties { get; init; }

    /// <summary><c>x-kubernetes-preserve-unknown-fields</c>: what the schema does not say is kept, not pruned.</summary>
    public bool PreserveUnknownFields { get; init; }

    /// <summary>
    /// <c>x-kubernetes-embedded-resource</c>: the object is a Kubernetes object with apiVersion, kind and metadata. The root of a
    /// custom resource is one too.
    /// </summary>
    public bool EmbeddedResource { get; init; }

    /// <summary>How the list is merged; null when the schema says nothing, which counts as atomic.</summary>
    public ListType? ListType { get; init; }

    /// <summary>The keys that identify an item of a list of type map.</summary>
    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary><c>x-kubernetes-map-type: atomic</c>: the object is one value with one owner.</summary>
    public bool AtomicMap { get; init; }

    /// <summary>What a value must fulfil beside its type; null when nothing.</summary>
    public ValueConstraints? Constraints { get; init; }

    /// <summary>The <c>x-kubernetes-validations</c> of this node, compiled.</summary>
    public IReadOnlyList<ValidationRule> Rules { get; init; } = [];

    /// <summary>Name of the OpenAPI definition that a built-in type has, such as <c>io.k8s.api.core.v1.PodSpec</c>.</summary>
    public string? Definition { get; init; }

    /// <summary>How a strategic merge patch changes the field. Built-in kinds only.</summary>
    public PatchStrategy PatchStrategy { get; init; }

    /// <summary>The key by which a strategic merge patch finds an item of the list. Built-in kinds only.</summary>
    public string? PatchMergeKey { get; init; }

    /// <summary>
    /// The fields of an object that must have a value that is not empty. Built-in kinds have this instead of
    /// <see cref="ValueConstraints.Required"/>, which is what they publish: the server takes an absent field for an empty one, and does
    /// not insist on all that the OpenAPI document calls required. Null for custom resources.
    /// </summary>
    public IReadOnlyList<string>? NonEmpty { get; init; }

    /// <summary>True for a list whose items must have different names. Built-in kinds only.</summary>
    public bool HasUniqueNames { get; init; }

    /// <summary>True for a field that no update may change. Built-in kinds only.</summary>
    public bool Immutable { get; init; }

    /// <summary>
    /// True for a field that Go leaves out of JSON when it is empty, zero or false, so that the API server never stores or shows it.
    /// Built-in kinds only.
    /// </summary>
    public bool OmittedWhenZero { get; init; }

    /// <summary>
    /// Sets defaults that depend on other fields of the object. Runs before the other defaults of the object and of what is below it.
    /// Built-in kinds only.
    /// </summary>
    public Action<JsonObject>? ComputeDefaults { get; init; }

    /// <summary>The schema of one field of an object; null when the schema does not know it or says nothing of its values.</summary>
    public SchemaNode? Field(string name) =>
        Properties.TryGetValue(name, out var property) ? property : AdditionalProperties;

    /// <inheritdoc/>
    public override string ToString() => Definition ?? Type.ToString();
}
