using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic;
using Operators.Tests.Testing;

namespace Operators.Tests.Resources;

/// <summary>manifests/crds and the C# types say the same.</summary>
public sealed class FleetSchemaTests
{
    /// <summary>The fleet's kinds.</summary>
    public static TheoryData<Type> Kinds => [typeof(ManagedService), typeof(TrafficPolicy), typeof(RateLimitPolicy), typeof(CircuitPolicy), typeof(CanaryRollout)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_people_declare_has_the_same_fields_types_and_defaults_in_the_schema_and_in_its_mirror(Type kind) =>
        Assert.Empty(SchemaMirror.Differences("spec", SchemaOf(kind)["properties"]!["spec"]!, kind.GetProperty("Spec")!.PropertyType, declared: true));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_the_operator_reports_has_the_same_fields_and_types_in_the_schema_and_in_its_mirror(Type kind) =>
        Assert.Empty(SchemaMirror.Differences("status", SchemaOf(kind)["properties"]!["status"]!, kind.GetProperty("Status")!.PropertyType, declared: false));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_manifest_with_every_field_survives_being_read_and_written(Type kind)
    {
        var manifest = Example(SchemaOf(kind)).AsObject();

        var read = manifest.Deserialize(kind, KubeJson.Options);

        var written = JsonSerializer.SerializeToNode(read, kind, KubeJson.Options)!.AsObject();
        Assert.Equal(ManifestWriter.ToYaml(Sorted(manifest["spec"]!)), ManifestWriter.ToYaml(Sorted(written["spec"]!)));
        Assert.Equal(ManifestWriter.ToYaml(Sorted(manifest["status"]!)), ManifestWriter.ToYaml(Sorted(written["status"]!)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_names_of_the_kind_are_those_of_the_C_sharp_type(Type kind)
    {
        var (type, definition) = (ResourceTypeOf(kind), Definition(kind));
        var names = definition["spec"]!["names"]!;

        Assert.Equal((type.Group, type.Plural, type.Kind), ((string?)definition["spec"]!["group"], (string?)names["plural"], (string?)names["kind"]));
        Assert.Equal(type.QualifiedName, (string?)definition["metadata"]!["name"]);
        Assert.Equal(type.Version, (string?)definition["spec"]!["versions"]![0]!["name"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_field_is_described(Type kind)
    {
        Assert.Empty(Undescribed("", SchemaOf(kind)));

        static IEnumerable<string> Undescribed(string path, JsonNode schema) => (schema["properties"]?.AsObject() ?? []).SelectMany(property =>
        {
            var at = $"{path}.{property.Key}";
            var below = property.Value!["items"] ?? property.Value;
            return property.Value["description"] is null && at != ".metadata" ? [at, .. Undescribed(at, below)] : Undescribed(at, below);
        });
    }

    /// <summary>A value with every field of the schema set.</summary>
    private static JsonNode Example(JsonNode schema)
    {
        if ((bool?)schema["x-kubernetes-int-or-string"] == true)
        {
            return "7";
        }

        if ((bool?)schema["x-kubernetes-preserve-unknown-fields"] == true)
        {
            return new JsonObject { ["anything"] = new JsonArray(1, "two") };
        }

        if (schema["enum"] is JsonArray names)
        {
            return names[^1]!.DeepClone(); // seldom the default
        }

        switch ((string?)schema["type"], (string?)schema["format"])
        {
            case ("object", _) when schema["additionalProperties"] is { } values:
                return new JsonObject { ["key"] = Example(values) };
            case ("object", _):
                return new JsonObject((schema["properties"]?.AsObject() ?? []).Select(property => KeyValuePair.Create(property.Key, (JsonNode?)Example(property.Value!))));
            case ("array", _):
                return new JsonArray(Example(schema["items"]!));
            case ("integer", _):
                return 7;
            case ("boolean", _):
                return (bool?)schema["default"] != true;
            case ("string", "date-time"):
                return "2026-11-23T12:00:00+00:00";
            default:
                return "text";
        }
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, entry.Value is null ? null : Sorted(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(item => Sorted(item!))]),
        // An integer-or-string that holds a number is written as one.
        _ => node.ToJsonString() == "\"7\"" ? 7 : node.DeepClone(),
    };

    private static JsonNode SchemaOf(Type kind) => Definition(kind)["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;

    private static ResourceType ResourceTypeOf(Type kind) => (ResourceType)kind.GetProperty(nameof(ManagedService.ResourceType))!.GetValue(null)!;

    private static JsonObject Definition(Type kind)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "crds", $"{ResourceTypeOf(kind).Plural}.yaml");
        return Assert.Single(ManifestReader.Read(File.ReadAllText(path), path)).Json;
    }
}
