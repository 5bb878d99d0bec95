using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Operators.Manifests;

/// <summary>Reads the next node of a YAML stream as JSON.</summary>
/// <param name="parser">Stands before the node.</param>
internal sealed class YamlNodeReader(IParser parser)
{
    /// <summary>Deeper than any API type; a stack has an end.</summary>
    private const int Deepest = 100;

    /// <summary>An alias copies what it stands for. A few lines of aliases of aliases would otherwise fill the memory.</summary>
    private const int MostNodes = 500_000;

    private const string MergeKey = "<<";

    private readonly Dictionary<AnchorName, JsonNode?> _anchors = [];
    private int _depth;
    private int _nodes;

    /// <summary>Reads it.</summary>
    /// <exception cref="YamlException">It is malformed, or too large.</exception>
    public JsonNode? Read()
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var target)
                ? Copy(target, alias)
                : throw new YamlException(alias.Start, alias.End, $"unknown anchor '{alias.Value}'");
        }

        var at = parser.Current ?? throw new YamlException("the document ends too early");
        Count(at, 1);
        var anchor = at is NodeEvent node ? node.Anchor : AnchorName.Empty;
        if (++_depth > Deepest)
        {
            throw new YamlException(at.Start, at.End, $"nested more than {Deepest} levels deep");
        }

        JsonNode? value = at switch
        {
            Scalar => YamlScalar.Read(parser.Consume<Scalar>()),
            SequenceStart => ReadSequence(),
            _ => ReadMapping(),
        };
        _depth--;
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = value?.DeepClone();
        }

        return value;
    }

    private JsonArray ReadSequence()
    {
        var list = new JsonArray();
        parser.Consume<SequenceStart>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            list.Add(Read());
        }

        return list;
    }

    private JsonObject ReadMapping()
    {
        var map = new JsonObject();
        JsonObject? merged = null;
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            if (key is { Value: MergeKey, Style: ScalarStyle.Plain })
            {
                merged = Read() as JsonObject ?? throw new YamlException(key.Start, key.End, "<< needs a mapping to merge");
            }
            else if (map.ContainsKey(key.Value))
            {
                throw new YamlException(key.Start, key.End, $"'{key.Value}' is set twice");
            }
            else
            {
                map[key.Value] = Read();
            }
        }

        foreach (var (name, value) in merged ?? [])
        {
            map.TryAdd(name, value?.DeepClone()); // what is said here counts, not what is merged
        }

        return map;
    }

    private JsonNode? Copy(JsonNode? value, AnchorAlias alias)
    {
        Count(alias, Size(value));
        return value?.DeepClone();
    }

    private void Count(ParsingEvent at, int nodes)
    {
        _nodes += nodes;
        if (_nodes > MostNodes)
        {
            throw new YamlException(at.Start, at.End, $"the document has more than {MostNodes} values");
        }
    }

    private static int Size(JsonNode? node) => 1 + node switch
    {
        JsonObject map => map.Sum(entry => Size(entry.Value)),
        JsonArray list => list.Sum(Size),
        _ => 0,
    };
}
