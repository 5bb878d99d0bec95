using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;

namespace LocalCluster.Schemas.BuiltIn;

/// <summary>Makes schemas of model classes, and of what <see cref="ModelFacts"/> adds to them.</summary>
internal static class ModelReader
{
    private const string Machinery = "io.k8s.apimachinery.pkg";

    private static readonly ConcurrentDictionary<Type, SchemaNode> ByType = new();

    /// <summary>The schema of a class. Its properties are read when they are needed, because some types are recursive.</summary>
    public static SchemaNode OfType(Type type) => ByType.GetOrAdd(type, static t =>
    {
        var facts = FactsOf(t);
        return new()
        {
            Type = SchemaType.Object,
            Definition = facts.Definition,
            LazyProperties = new(() => ReadProperties(t, facts)),
            AtomicMap = facts.IsAtomic,
            Constraints = new() { Required = facts.Names("required") },
            NonEmpty = facts.Names("nonEmpty"),
            ComputeDefaults = ComputedDefaults.Of(facts.Definition),
            Describe = () => ModelDescriptions.Of(t),
        };
    });

    private static ModelFacts FactsOf(Type type) =>
        ModelCatalog.Instance.Facts(type) ?? throw new InvalidOperationException($"nothing is known of {type.Name}; add it to Facts");

    private static Dictionary<string, SchemaNode> ReadProperties(Type type, ModelFacts facts)
    {
        var properties = new Dictionary<string, SchemaNode>();
        foreach (var property in type.GetProperties())
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is { Name: var name } && !facts.Lists("absent", name))
            {
                properties.Add(name, ReadProperty(property, name, facts));
            }
        }

        return properties;
    }

    private static SchemaNode ReadProperty(PropertyInfo property, string name, ModelFacts facts)
    {
        var node = ReadType(property.PropertyType, name, facts);
        var mergeKey = facts.Of("merge", name)?.GetValue<string>();
        return WithEnum(node, facts.NamesOf("enums", name)) with
        {
            ListType = ListTypeOf(name, facts),
            ListMapKeys = facts.NamesOf("maps", name),
            AtomicMap = node.AtomicMap || facts.Lists("atomicMaps", name),
            PatchStrategy = (mergeKey is null ? PatchStrategy.Replace : PatchStrategy.Merge)
                | (facts.Lists("retainKeys", name) ? PatchStrategy.RetainKeys : PatchStrategy.Replace),
            PatchMergeKey = string.IsNullOrEmpty(mergeKey) ? null : mergeKey,
            Default = DefaultOf(node, name, facts),
            OmittedWhenZero = IsOmittedWhenZero(node, name, facts),
            Immutable = facts.Lists("immutable", name),
            HasUniqueNames = facts.Lists("uniqueNames", name),
            Describe = () => ModelDescriptions.Of(property),
        };
    }

    private static SchemaNode ReadType(Type type, string name, ModelFacts facts)
    {
        if (facts.Of("opaque", name) is { } definition)
        {
            return SchemaNode.Anything with { Definition = definition.GetValue<string>() };
        }

        var actual = Nullable.GetUnderlyingType(type) ?? type;
        if (actual.IsGenericType)
        {
            var item = ReadType(actual.GetGenericArguments()[^1], name, facts);
            return actual.GetGenericTypeDefinition() == typeof(IDictionary<,>)
                ? new() { Type = SchemaType.Object, AdditionalProperties = item, AllowsAdditionalProperties = true }
                : new() { Type = SchemaType.Array, Items = item };
        }

        return actual switch
        {
            _ when actual == typeof(string) => new() { Type = SchemaType.String },
            _ when actual == typeof(byte[]) => Formatted(SchemaType.String, "byte"),
            _ when actual == typeof(bool) => new() { Type = SchemaType.Boolean },
            _ when actual == typeof(int) => Formatted(SchemaType.Integer, "int32"),
            _ when actual == typeof(long) => Formatted(SchemaType.Integer, "int64"),
            _ when actual == typeof(double) => Formatted(SchemaType.Number, "double"),
            _ when actual == typeof(DateTime) => Formatted(SchemaType.String, "date-time") with
            {
                Definition = $"{Machinery}.apis.meta.v1.{(facts.Lists("microTimes", name) ? "MicroTime" : "Time")}",
            },
            _ when actual == typeof(ResourceQuantity) => new()
            {
                Type = SchemaType.String,
                Definition = $"{Machinery}.api.resource.Quantity",
            },
            _ when actual == typeof(IntOrString) => new()
            {
                Type = SchemaType.IntOrString,
                Definition = $"{Machinery}.util.intstr.IntOrString",
            },
            _ when actual == typeof(object) => SchemaNode.Anything,
            _ => OfType(actual),
        };
    }

    private static SchemaNode Formatted(SchemaType type, string format) => new() { Type = type, Constraints = new() { Format = format } };

    private static SchemaNode WithEnum(SchemaNode node, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return node;
        }

        return node.Items is { } items
            ? node with { Items = WithEnum(items, values) }
            : node with { Constraints = new() { Enum = [.. values.Select(value => JsonValue.Create(value))] } };
    }

    private static ListType? ListTypeOf(string name, ModelFacts facts) =>
        facts.Lists("atomicLists", name) ? ListType.Atomic
        : facts.Lists("sets", name) ? ListType.Set
        : facts.Of("maps", name) is not null ? ListType.Map
        : null;

    /// <summary>What is written where the field is absent: its default, or what Go writes for a field that it always writes.</summary>
    private static JsonNode? DefaultOf(SchemaNode node, string name, ModelFacts facts)
    {
        if (facts.Of("defaults", name) is { } value)
        {
            return value;
        }

        var isStruct = node is { Type: SchemaType.Object, AllowsAdditionalProperties: false }
            && (name is "metadata" or "spec" or "status" || facts.Lists("structs", name));
        if (isStruct)
        {
            return new JsonObject();
        }

        return !facts.Lists("required", name) || facts.Lists("keepZero", name) || node.Definition is not null ? null : node switch
        {
            { Type: SchemaType.String, Constraints.Format: null } => "",
            { Type: SchemaType.Integer or SchemaType.Number } => 0,
            { Type: SchemaType.Boolean } => false,
            _ => null,
        };
    }

    /// <summary>True where Go's <c>omitempty</c> leaves the field out.</summary>
    private static bool IsOmittedWhenZero(SchemaNode node, string name, ModelFacts facts) =>
        !facts.Lists("required", name) && node switch
        {
            { Type: SchemaType.String, Definition: null } => !facts.Lists("keepZero", name),
            { Type: SchemaType.Array } or { Type: SchemaType.Object, AllowsAdditionalProperties: true } => true,
            { Type: SchemaType.Integer or SchemaType.Number or SchemaType.Boolean } => facts.Lists("omitZero", name),
            _ => false,
        };
}
