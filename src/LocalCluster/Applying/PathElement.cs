using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Applying;

/// <summary>One step of a path, in the canonical form of <c>FieldsV1</c>, so that equal steps are equal strings.</summary>
internal static class PathElement
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A named field of an object.</summary>
    public static string Field(string name) => "f:" + name;

    /// <summary>An item of a list that is a set.</summary>
    public static string Value(JsonNode? item) => "v:" + Json(item);

    /// <summary>An item of a list that is a map.</summary>
    /// <returns>False when the item lacks a key that has no default.</returns>
    public static bool TryKey(JsonNode? item, SchemaNode list, [NotNullWhen(true)] out string? element)
    {
        element = null;
        if (item is not JsonObject map)
        {
            return false;
        }

        var text = new StringBuilder("k:{");
        foreach (var key in list.ListMapKeys.Order(StringComparer.Ordinal))
        {
            if ((map[key] ?? list.Items?.Field(key)?.Default) is not { } value)
            {
                return false;
            }

            text.Append(text.Length == 3 ? "" : ",").Append(Json(key)).Append(':').Append(Json(value));
        }

        element = text.Append('}').ToString();
        return true;
    }

    /// <summary>The step that leads to an item of a list that is merged.</summary>
    /// <returns>False when the item can't be told apart from others.</returns>
    public static bool TryItem(JsonNode? item, SchemaNode list, [NotNullWhen(true)] out string? element)
    {
        if (list.ListType == ListType.Map)
        {
            return TryKey(item, list, out element);
        }

        element = Value(item);
        return true;
    }

    /// <summary>Brings a step that somebody else wrote into canonical form.</summary>
    /// <exception cref="FormatException">It is no step.</exception>
    public static string Parse(string text)
    {
        try
        {
            return text.Length < 2 || text[1] != ':' ? throw new FormatException($"\"{text}\" is no path element")
                : text[0] switch
                {
                    'f' or 'i' => text,
                    'v' => Value(JsonNode.Parse(text[2..])),
                    'k' => "k:{" + string.Join(",", JsonNode.Parse(text[2..])!.AsObject()
                        .OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Json(p.Key)}:{Json(p.Value)}")) + "}",
                    _ => throw new FormatException($"\"{text}\" is no path element"),
                };
        }
        catch (JsonException e)
        {
            throw new FormatException($"\"{text}\" is no path element", e);
        }
    }

    /// <summary>A path as messages show it: <c>.spec.containers[name="web"].image</c>.</summary>
    public static string Show(IEnumerable<string> path)
    {
        var text = new StringBuilder();
        foreach (var element in path)
        {
            _ = element[0] switch
            {
                'f' => text.Append('.').Append(element.AsSpan(2)),
                'k' => text.Append('[').AppendJoin(',', JsonNode.Parse(element[2..])!.AsObject().Select(p => $"{p.Key}={Json(p.Value)}")).Append(']'),
                'v' => text.Append("[=").Append(element.AsSpan(2)).Append(']'),
                _ => text.Append('[').Append(element.AsSpan(2)).Append(']'),
            };
        }

        return text.ToString();
    }

    private static string Json(JsonNode? value) => value?.ToJsonString(Options) ?? "null";
}
