using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;

namespace Operators.Tests.Testing;

/// <summary>Holds the schema of a CRD and the C# type that mirrors it together, property by property.</summary>
internal static class SchemaMirror
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Where they differ; empty when they say the same.</summary>
    /// <param name="path">Path of the schema, for the differences.</param>
    /// <param name="schema">Schema of an object.</param>
    /// <param name="type">Its mirror.</param>
    /// <param name="declared">True for what people declare: there, absence must mean the same on both sides.</param>
    public static IEnumerable<string> Differences(string path, JsonNode schema, Type type, bool declared)
    {
        var info = KubeJson.Options.GetTypeInfo(type);
        var properties = schema["properties"]!.AsObject();
        var mirrored = info.Properties.Where(property => property.Get is not null).ToDictionary(property => property.Name);
        foreach (var name in properties.Select(property => property.Key).Except(mirrored.Keys))
        {
            yield return $"{path}.{name} is not in {type.Name}";
        }

        foreach (var name in mirrored.Keys.Except(properties.Select(property => property.Key)))
        {
            yield return $"{type.Name}.{name} is not in the schema of {path}";
        }

        var empty = Activator.CreateInstance(type, nonPublic: true)!;
        var required = schema["required"]?.AsArray().Select(name => (string)name!).ToHashSet() ?? [];
        foreach (var (name, property) in properties.Where(property => mirrored.ContainsKey(property.Key)))
        {
            var mirror = mirrored[name];
            foreach (var difference in Values($"{path}.{name}", property!, mirror.PropertyType, declared))
            {
                yield return difference;
            }

            if (declared && Absence(property!, mirror, empty, required.Contains(name)) is { } problem)
            {
                yield return $"{path}.{name}: {problem}";
            }
        }
    }

    private static IEnumerable<string> Values(string path, JsonNode schema, Type type, bool declared)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var kind = (string?)schema["type"];
        if ((bool?)schema["x-kubernetes-int-or-string"] == true)
        {
            return plain == typeof(IntOrString) || plain == typeof(ResourceQuantity) ? [] : [$"{path} is an integer or a string, not {plain.Name}"];
        }

        if (kind == "array")
        {
            return ItemOf(plain, typeof(IReadOnlyList<>)) is [var item] ? Values($"{path}[]", schema["items"]!, item, declared) : [$"{path} is a list, not {plain.Name}"];
        }

        if (schema["additionalProperties"] is { } values)
        {
            return ItemOf(plain, typeof(IReadOnlyDictionary<,>)) is [_, var value] ? Values($"{path}{{}}", values, value, declared) : [$"{path} is a map, not {plain.Name}"];
        }

        if (kind == "object")
        {
            return (bool?)schema["x-kubernetes-preserve-unknown-fields"] == true
                ? plain == typeof(JsonObject) ? [] : [$"{path} is any object, not {plain.Name}"]
                : Differences(path, schema, plain, declared);
        }

        if (plain.IsEnum)
        {
            var names = schema["enum"]?.AsArray().Select(name => (string)name!) ?? [];
            return names.SequenceEqual(Enum.GetNames(plain)) ? [] : [$"{path} has other values than {plain.Name}"];
        }

        var expected = (kind, (string?)schema["format"]) switch
        {
            ("string", "date-time") => typeof(DateTimeOffset),
            ("string", _) => typeof(string),
            ("boolean", _) => typeof(bool),
            ("integer", "int32") => typeof(int),
            ("integer", "int64") => typeof(long),
            _ => null,
        };
        return expected == plain ? [] : [$"{path} is a {kind}, not {plain.Name}"];
    }

    /// <summary>What an absent property means must be the same to the API server and to us.</summary>
    private static string? Absence(JsonNode schema, JsonPropertyInfo mirror, object empty, bool required)
    {
        var value = mirror.Get!(empty);
        if (schema["default"] is { } wanted)
        {
            var actual = JsonSerializer.SerializeToNode(value, mirror.PropertyType, KubeJson.Options);
            return JsonNode.DeepEquals(WithDefaults(wanted, schema), actual) ? null : $"defaults to {wanted.ToJsonString()}, its mirror to {actual?.ToJsonString() ?? "null"}";
        }

        var nullable = Nullability.Create((PropertyInfo)mirror.AttributeProvider!).ReadState == NullabilityState.Nullable;
        return required || nullable || value is System.Collections.ICollection { Count: 0 }
            ? null
            : "is optional without a default, its mirror can't be absent";
    }

    /// <summary>A default as the API server completes it: with the defaults of the fields that it leaves out.</summary>
    private static JsonNode WithDefaults(JsonNode value, JsonNode schema)
    {
        var complete = value.DeepClone();
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            if (complete[name] is null && property!["default"] is { } wanted)
            {
                complete[name] = WithDefaults(wanted, property);
            }
        }

        return complete;
    }

    private static Type[] ItemOf(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GetGenericArguments() : [];
}
