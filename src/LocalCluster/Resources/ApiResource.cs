using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Schemas;
using LocalCluster.Selectors;
using LocalCluster.Storage;

namespace LocalCluster.Resources;

/// <summary>A kind in one version, as this API serves it.</summary>
internal sealed class ApiResource
{
    private static readonly SelectableField NameField = Selectors.SelectableField.At("metadata.name");
    private static readonly SelectableField NamespaceField = Selectors.SelectableField.At("metadata.namespace");

    /// <summary>Where it is found and what it is called.</summary>
    public required ResourceType Type { get; init; }

    /// <summary>Name that <c>kubectl get</c> takes for one object.</summary>
    public required string Singular { get; init; }

    /// <summary>Kind of its lists.</summary>
    public required string ListKind { get; init; }

    /// <summary>Abbreviations that <c>kubectl</c> takes.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Groups of kinds that it belongs to, such as <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>What can be done with its objects.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = ApiVerbs.All;

    /// <summary>Its subresources.</summary>
    public IReadOnlyList<ApiSubresource> Subresources { get; init; } = [];

    /// <summary>
    /// Name under which its objects are stored: one for all versions of a kind, and for <c>Event</c>, which two groups serve.
    /// </summary>
    public required string StorageName { get; init; }

    /// <summary>What its objects look like. Compiled when it is first asked for.</summary>
    public required Lazy<SchemaNode> Schema { get; init; }

    /// <summary>What its objects look like as they are stored. For custom resources the schema of the version that is asked for.</summary>
    public Lazy<SchemaNode> StoredSchema { get => field ?? Schema; init; }

    /// <summary>The schema with all that is known of <c>metadata</c>, which the schemas of custom resources leave out.</summary>
    public SchemaNode MergeSchema => field ??= IsCustom ? WithMetadata(Schema.Value) : Schema.Value;

    /// <summary>How its objects are read from and written to the version that is stored.</summary>
    public IVersionConversion Conversion { get; init; } = SameVersion.Instance;

    /// <summary>Columns that a CustomResourceDefinition asks for, as it says them; null for none.</summary>
    public JsonArray? PrinterColumns { get; init; }

    /// <summary>Fields by which objects can be selected, beside name and namespace.</summary>
    public IReadOnlyList<SelectableField> SelectableFields { get; init; } = [];

    /// <summary>True for custom resources, which differ in some rules from the kinds of Kubernetes itself.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Where its <c>scale</c> subresource looks; null when it has none.</summary>
    public ScaleMapping? Scale { get; init; }

    /// <summary>What to tell those who use this version, when they should use another; null otherwise.</summary>
    public string? DeprecationWarning { get; init; }

    /// <summary>What to tell those who create one, when nothing on this cluster acts on it; null otherwise.</summary>
    public string? Unattended { get; init; }

    /// <summary>
    /// Revision since which its schema has been what it is. Older objects are pruned and defaulted when they are read; 0 for built-in kinds.
    /// </summary>
    public long SchemaRevision { get; init; }

    /// <summary>True when it has a status that is written apart from the rest.</summary>
    public bool HasStatus => Subresource("status") is not null;

    /// <summary>An object in this version; the caller may change it.</summary>
    public KubeObject Read(StoredObject stored)
    {
        var obj = ReadStored(stored);
        Conversion.FromStored(obj);
        return obj;
    }

    /// <summary>An object in the version that is stored; the caller may change it.</summary>
    public KubeObject ReadStored(StoredObject stored)
    {
        var obj = KubeObject.Parse(stored);
        if (stored.ResourceVersion < SchemaRevision)
        {
            Pruning.Prune(obj.Json, Schema.Value);
            Defaulting.Apply(obj.Json, Schema.Value);
        }

        return obj;
    }

    /// <summary>An object in this version, as clients are sent it.</summary>
    public byte[] Serve(StoredObject stored) =>
        Conversion.IsIdentity && stored.ResourceVersion >= SchemaRevision
            ? stored.Json
            : JsonSerializer.SerializeToUtf8Bytes(Read(stored).Json);

    /// <summary>A field by the name that it has in selectors.</summary>
    /// <exception cref="FormatException">Objects can't be selected by it.</exception>
    public SelectableField SelectableField(string label) => label switch
    {
        "metadata.name" => NameField,
        "metadata.namespace" => NamespaceField,
        _ when SelectableFields.Count == 0 && !IsCustom => throw new FormatException(
            $"\"{label}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""),
        _ => SelectableFields.FirstOrDefault(f => f.Label == label) ?? throw new FormatException($"field label not supported: {label}"),
    };

    /// <summary>A subresource by name, or null.</summary>
    public ApiSubresource? Subresource(string name)
    {
        foreach (var subresource in Subresources)
        {
            if (subresource.Name == name)
            {
                return subresource;
            }
        }

        return null;
    }

    private static SchemaNode WithMetadata(SchemaNode schema) => new()
    {
        Type = SchemaType.Object,
        PreserveUnknownFields = schema.PreserveUnknownFields,
        Properties = new Dictionary<string, SchemaNode>(schema.Properties)
        {
            ["apiVersion"] = new() { Type = SchemaType.String },
            ["kind"] = new() { Type = SchemaType.String },
            ["metadata"] = BuiltInSchemas.ObjectMeta,
        },
    };
}
