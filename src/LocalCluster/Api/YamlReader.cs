using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LocalCluster.Api;

/// <summary>Reads YAML as Kubernetes does: a form of JSON with the scalars of YAML 1.1.</summary>
internal static partial class YamlReader
{
    /// <summary>Reads one document.</summary>
    /// <exception cref="YamlException">It is malformed.</exception>
    public static JsonNode? Read(byte[] utf8)
    {
        using var text = new StreamReader(new MemoryStream(utf8));
        var parser = new Parser(text);
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return null;
        }

        parser.Consume<DocumentStart>();
        return ReadNode(parser, []);
    }

    private static JsonNode? ReadNode(Parser parser, Dictionary<AnchorName, JsonNode?> anchors)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return anchors.TryGetValue(alias.Value, out var value)
                ? value?.DeepClone()
                : throw new YamlException(alias.Start, alias.End, $"unknown anchor '{alias.Value}'");
        }

        var anchor = parser.Current is NodeEvent node ? node.Anchor : AnchorName.Empty;
        JsonNode? result = parser.Current switch
        {
            Scalar => ReadScalar(parser.Consume<Scalar>()),
            SequenceStart => ReadSequence(parser, anchors),
            _ => ReadMapping(parser, anchors),
        };
        if (!anchor.IsEmpty)
        {
            anchors[anchor] = result?.DeepClone();
        }

        return result;
    }

    private static JsonArray ReadSequence(Parser parser, Dictionary<AnchorName, JsonNode?> anchors)
    {
        var list = new JsonArray();
        parser.Consume<SequenceStart>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            list.Add(ReadNode(parser, anchors));
        }

        return list;
    }

    private static JsonObject ReadMapping(Parser parser, Dictionary<AnchorName, JsonNode?> anchors)
    {
        var map = new JsonObject();
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (map.ContainsKey(key.Value))
            {
                throw new YamlException(key.Start, key.End, $"key \"{key.Value}\" already set in map");
            }

            map[key.Value] = ReadNode(parser, anchors);
        }

        return map;
    }

    private static JsonValue? ReadScalar(Scalar scalar) =>
        scalar.Style is not ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str"
            ? JsonValue.Create(scalar.Value)
            : ReadPlain(scalar.Value);

    /// <summary>What an unquoted scalar means.</summary>
    public static JsonValue? ReadPlain(string text)
    {
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
            _ when Integer().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) =>
                JsonValue.Create(integer),
            _ when Hexadecimal().IsMatch(text) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) =>
                JsonValue.Create(hex),
            _ when Octal().IsMatch(text) => JsonValue.Create(Convert.ToInt64(text.TrimStart('0', 'o'), 8)),
            _ when Number().IsMatch(text) => JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture)),
            _ => JsonValue.Create(text),
        };
    }

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^0x[0-9a-fA-F]+\z", RegexOptions.None, 1000)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^0o?[0-7]{1,20}\z", RegexOptions.None, 1000)]
    private static partial Regex Octal();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
