using System.Text.Json.Nodes;
using LocalCluster.Resources;
using LocalCluster.Wire;

namespace LocalCluster.OpenApi;

/// <summary>
/// Writes the OpenAPI v2 document in the protobuf form of the gnostic models (<c>openapi.v2.Document</c>), which is the only one that
/// Go clients ask for. It holds what this server puts into the document, no more.
/// </summary>
internal static class GnosticDocument
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    // What clients ask for since long ago. It is no valid media type, so it can't be the answer's.
    private const string FormerMediaType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /// <summary>True when a client that accepts these media types wants this form.</summary>
    public static bool IsAskedFor(string accept) =>
        accept.Contains(MediaType, StringComparison.Ordinal) || accept.Contains(FormerMediaType, StringComparison.Ordinal);

    /// <summary>Encodes a document.</summary>
    public static byte[] Encode(JsonObject document)
    {
        var writer = new WireWriter();
        writer.Text(1, document.Text("swagger"));
        writer.Message(2, info =>
        {
            info.Text(1, document.Text("info.title"));
            info.Text(2, document.Text("info.version"));
        });
        writer.Message(8, paths => Each(paths, 2, document["paths"], WritePath));
        writer.Message(9, definitions => Each(definitions, 1, document["definitions"], WriteSchema));
        return writer.Written.ToArray();
    }

    /// <summary>Writes a map as messages of a name and a value.</summary>
    private static void Each(WireWriter writer, int field, JsonNode? map, Action<WireWriter, JsonObject> write)
    {
        foreach (var (name, value) in map as JsonObject ?? [])
        {
            writer.Message(field, named =>
            {
                named.Text(1, name);
                named.Message(2, inner => write(inner, value!.AsObject()));
            });
        }
    }

    private static void WritePath(WireWriter path, JsonObject item)
    {
        foreach (var (method, field) in (ReadOnlySpan<(string, int)>)[("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8)])
        {
            if (item[method] is JsonObject operation)
            {
                path.Message(field, inner => WriteOperation(inner, operation));
            }
        }
    }

    private static void WriteOperation(WireWriter writer, JsonObject operation)
    {
        writer.Text(5, operation.Text("operationId"));
        foreach (var parameter in operation.Items("parameters"))
        {
            // A parameter item holds a parameter, which holds one that is not a body, which holds one of the query.
            writer.Message(8, item => item.Message(1, any => any.Message(2, notBody => notBody.Message(3, query =>
            {
                query.Text(2, parameter.Text("in"));
                query.Text(4, parameter.Text("name"));
                query.Text(6, parameter.Text("type"));
                query.Flag(20, parameter.Flag("uniqueItems"));
            }))));
        }

        writer.Message(9, responses => Each(responses, 1, operation["responses"], (value, response) => value.Message(1, inner =>
        {
            inner.Text(1, response.Text("description"));
            inner.Message(2, item => item.Message(1, schema => WriteSchema(schema, response["schema"]!.AsObject())));
        })));
        WriteExtensions(writer, 13, operation);
    }

    private static void WriteSchema(WireWriter writer, JsonObject schema)
    {
        writer.Text(1, (string?)schema["$ref"]);
        writer.Text(2, schema.Text("format"));
        writer.Text(3, schema.Text("title"));
        writer.Text(4, schema.Text("description"));
        WriteBounds(writer, schema);
        foreach (var name in schema.Items("required"))
        {
            writer.Text(19, (string?)name);
        }

        foreach (var value in schema.Items("enum"))
        {
            WriteAny(writer, 20, value);
        }

        if (schema["additionalProperties"] is JsonObject values)
        {
            writer.Message(21, item => item.Message(1, inner => WriteSchema(inner, values)));
        }

        if (schema["type"] is { } type)
        {
            writer.Message(22, item => item.Text(1, (string?)type));
        }

        if (schema["items"] is JsonObject items)
        {
            writer.Message(23, list => list.Message(1, inner => WriteSchema(inner, items)));
        }

        foreach (var part in schema.Items("allOf"))
        {
            writer.Message(24, inner => WriteSchema(inner, part.AsObject()));
        }

        if (schema["properties"] is { } properties)
        {
            writer.Message(25, map => Each(map, 1, properties, WriteSchema));
        }

        WriteExtensions(writer, 31, schema);
    }

    private static void WriteBounds(WireWriter writer, JsonObject schema)
    {
        writer.Double(6, (double?)schema["multipleOf"]);
        writer.Double(7, (double?)schema["maximum"]);
        writer.Flag(8, schema.Flag("exclusiveMaximum"));
        writer.Double(9, (double?)schema["minimum"]);
        writer.Flag(10, schema.Flag("exclusiveMinimum"));
        writer.Integer(11, schema.Number("maxLength"));
        writer.Integer(12, schema.Number("minLength"));
        writer.Text(13, schema.Text("pattern"));
        writer.Integer(14, schema.Number("maxItems"));
        writer.Integer(15, schema.Number("minItems"));
        writer.Flag(16, schema.Flag("uniqueItems"));
        writer.Integer(17, schema.Number("maxProperties"));
        writer.Integer(18, schema.Number("minProperties"));
    }

    private static void WriteExtensions(WireWriter writer, int field, JsonObject owner)
    {
        foreach (var (name, value) in owner)
        {
            if (name.StartsWith("x-", StringComparison.Ordinal))
            {
                writer.Message(field, named =>
                {
                    named.Text(1, name);
                    WriteAny(named, 2, value);
                });
            }
        }
    }

    // Any value is YAML, of which JSON is a form.
    private static void WriteAny(WireWriter writer, int field, JsonNode? value) =>
        writer.Message(field, any => any.Text(2, value?.ToJsonString() ?? "null"));
}
