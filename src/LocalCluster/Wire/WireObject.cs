using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace LocalCluster.Wire;

/// <summary>
/// Reads objects in Kubernetes' protobuf encoding, which some clients prefer for its own kinds. Answers are always JSON, as the protocol
/// allows.
/// </summary>
internal static class WireObject
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    /// <summary>Reads an object.</summary>
    /// <param name="body">An envelope (<c>runtime.Unknown</c>) behind four magic bytes.</param>
    /// <exception cref="FormatException">It is malformed, or of a kind that has no such encoding.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith("k8s\0"u8))
        {
            throw new FormatException("the body does not begin with the mark of this encoding");
        }

        var (apiVersion, kind) = ("", "");
        ReadOnlySpan<byte> raw = [];
        var envelope = new WireReader(body[4..]);
        while (envelope.Next())
        {
            switch (envelope.Field)
            {
                case 1:
                    (apiVersion, kind) = ReadType(envelope.Content);
                    break;
                case 2:
                    raw = envelope.Content;
                    break;
            }
        }

        var obj = ReadMessage(raw, WireMessages.PackageOf(apiVersion), kind);
        obj["apiVersion"] = apiVersion;
        obj["kind"] = kind;
        return obj;
    }

    private static (string ApiVersion, string Kind) ReadType(ReadOnlySpan<byte> content)
    {
        var (apiVersion, kind) = ("", "");
        var reader = new WireReader(content);
        while (reader.Next())
        {
            var text = Encoding.UTF8.GetString(reader.Content);
            (apiVersion, kind) = reader.Field == 1 ? (text, kind) : (apiVersion, text);
        }

        return (apiVersion, kind);
    }

    private static JsonObject ReadMessage(ReadOnlySpan<byte> content, string package, string name)
    {
        // Messages may be nested as deeply as the sender likes.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new FormatException("the message is nested too deeply");
        }

        var message = WireMessages.Shared.Value.Find(package, name) ?? throw new FormatException($"{package}.{name} has no protobuf encoding here");
        var obj = new JsonObject();
        ReadFields(content, message.Package, message.Fields, obj);
        return obj;
    }

    private static void ReadFields(ReadOnlySpan<byte> content, string package, WireField?[] fields, JsonObject obj)
    {
        var reader = new WireReader(content);
        while (reader.Next())
        {
            // Clients of a newer version may send fields that are not known here.
            if (reader.Field > fields.Length || fields[reader.Field - 1] is not { } field)
            {
                continue;
            }

            switch (field.Shape)
            {
                case WireShape.Inline:
                    var inlined = WireMessages.Shared.Value.Find(package, field.Type)!.Value;
                    ReadFields(reader.Content, inlined.Package, inlined.Fields, obj);
                    break;
                case WireShape.List:
                    ListOf(obj, field.Name).Add(ReadValue(reader, package, field.Type));
                    break;
                case WireShape.Map:
                    var (key, value) = ReadEntry(reader.Content, package, field.Type);
                    MapOf(obj, field.Name)[key] = value;
                    break;
                default:
                    if (ReadValue(reader, package, field.Type) is { } single)
                    {
                        obj[field.Name] = single;
                    }

                    break;
            }
        }
    }

    private static (string Key, JsonNode? Value) ReadEntry(ReadOnlySpan<byte> content, string package, string type)
    {
        var key = "";
        JsonNode? value = type.Length == 0 ? "" : null;
        var reader = new WireReader(content);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                key = Encoding.UTF8.GetString(reader.Content);
            }
            else
            {
                value = ReadValue(reader, package, type);
            }
        }

        return (key, value);
    }

    private static JsonNode? ReadValue(in WireReader reader, string package, string type) => type switch
    {
        "" => Encoding.UTF8.GetString(reader.Content),
        "int" => (long)reader.Number,
        "bool" => reader.Number != 0,
        "double" => BitConverter.UInt64BitsToDouble(reader.Number),
        "bytes" => Convert.ToBase64String(reader.Content),
        "Time" => ReadTime(reader.Content, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        "MicroTime" => ReadTime(reader.Content, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        "Quantity" => ReadText(reader.Content),
        "IntOrString" => ReadIntOrString(reader.Content),
        "RawExtension" or "FieldsV1" or "JSON" => ReadJson(reader.Content),
        "JSONSchemaPropsOrArray" or "JSONSchemaPropsOrBool" or "JSONSchemaPropsOrStringArray" => ReadAlternative(reader.Content, package, type),
        "Verbs" or "ExtraValue" => ReadMessage(reader.Content, package, type)["items"]?.DeepClone() ?? new JsonArray(),
        _ => ReadMessage(reader.Content, package, type),
    };

    private static string ReadText(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        return reader.Next() ? Encoding.UTF8.GetString(reader.Content) : "0";
    }

    // A time that is not set is an empty message.
    private static JsonNode? ReadTime(ReadOnlySpan<byte> content, string format)
    {
        if (content.IsEmpty)
        {
            return null;
        }

        var (seconds, nanos) = (0L, 0L);
        var reader = new WireReader(content);
        while (reader.Next())
        {
            (seconds, nanos) = reader.Field == 1 ? ((long)reader.Number, nanos) : (seconds, (long)reader.Number);
        }

        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100).ToString(format, CultureInfo.InvariantCulture);
    }

    private static JsonNode ReadIntOrString(ReadOnlySpan<byte> content)
    {
        var (isText, number, text) = (false, 0L, "");
        var reader = new WireReader(content);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    isText = reader.Number == 1;
                    break;
                case 2:
                    number = (int)reader.Number;
                    break;
                case 3:
                    text = Encoding.UTF8.GetString(reader.Content);
                    break;
            }
        }

        return isText ? text : number;
    }

    private static JsonNode? ReadJson(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        return reader.Next() && !reader.Content.IsEmpty ? JsonNode.Parse(reader.Content) : null;
    }

    // In JSON these are one of their fields, without a name.
    private static JsonNode? ReadAlternative(ReadOnlySpan<byte> content, string package, string type)
    {
        var fields = ReadMessage(content, package, type);
        var chosen = fields["schema"] ?? fields["jSONSchemas"] ?? fields["property"] ?? fields["allows"];
        return chosen?.DeepClone();
    }

    private static JsonArray ListOf(JsonObject obj, string name)
    {
        if (obj[name] is not JsonArray list)
        {
            list = [];
            obj[name] = list;
        }

        return list;
    }

    private static JsonObject MapOf(JsonObject obj, string name)
    {
        if (obj[name] is not JsonObject map)
        {
            map = [];
            obj[name] = map;
        }

        return map;
    }
}
