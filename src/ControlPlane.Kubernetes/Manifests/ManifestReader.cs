using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ControlPlane.Kubernetes.Manifests;

/// <summary>
/// Reads manifests: YAML with any number of documents, or JSON, which is YAML. Scalars are resolved as kubectl resolves them. Aliases are
/// expanded, within bounds.
/// </summary>
public static class ManifestReader
{
    /// <summary>Deepest nesting that is read.</summary>
    private const int Deepest = 100;

    /// <summary>Most values of one text, aliases expanded: a few lines of aliases can stand for billions.</summary>
    private const int MostValues = 1_000_000;

    /// <summary>Reads every object of a text; <c>List</c> objects are taken apart.</summary>
    /// <exception cref="ManifestException">The text is no YAML, repeats a key, or holds something other than objects.</exception>
    public static IReadOnlyList<ManifestDocument> Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return [.. new Reading(text, file).Documents()];
        }
        catch (YamlException e)
        {
            throw new ManifestException(file, (int)e.Start.Line, (int)e.Start.Column, Tidy(e.Message));
        }
    }

    private static string Tidy(string message)
    {
        var colon = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return colon < 0 ? message : message[(colon + 3)..];
    }

    /// <summary>One pass over a text. Events rather than YamlDotNet's own model, for the line of every field.</summary>
    private sealed class Reading(string text, string file)
    {
        private readonly Parser _parser = new(new StringReader(text));
        private readonly Dictionary<AnchorName, JsonNode?> _anchors = [];
        private Dictionary<string, int> _lines = [];
        private int _values;

        public IEnumerable<ManifestDocument> Documents()
        {
            _parser.Consume<StreamStart>();
            while (_parser.Accept<DocumentStart>(out _))
            {
                _parser.Consume<DocumentStart>();
                (_lines, var line) = ([], (int)_parser.Current!.Start.Line);
                _anchors.Clear();
                var value = ReadValue("", depth: 0);
                _parser.Consume<DocumentEnd>();
                foreach (var document in Split(value, line))
                {
                    yield return document;
                }
            }
        }

        private IEnumerable<ManifestDocument> Split(JsonNode? value, int line)
        {
            if (value is null)
            {
                yield break; // an empty document between two separators
            }

            if (value is not JsonObject json)
            {
                throw new ManifestException(file, line, 1, "a manifest must be an object with apiVersion, kind and metadata");
            }

            if (json["items"] is not JsonArray items || (string?)json["kind"] is not { } kind || !kind.EndsWith("List", StringComparison.Ordinal))
            {
                yield return new ManifestDocument(file, line, json, _lines);
                yield break;
            }

            for (var i = 0; i < items.Count; i++)
            {
                var prefix = $"items[{i.ToString(CultureInfo.InvariantCulture)}]";
                var at = _lines.GetValueOrDefault(prefix, line);
                if (items[i]?.DeepClone() is not JsonObject item)
                {
                    throw new ManifestException(file, at, 1, $"{prefix} must be an object");
                }

                var lines = _lines
                    .Where(entry => entry.Key.StartsWith($"{prefix}.", StringComparison.Ordinal))
                    .ToDictionary(entry => entry.Key[(prefix.Length + 1)..], entry => entry.Value, StringComparer.Ordinal);
                yield return new ManifestDocument(file, at, item, lines);
            }
        }

        private JsonNode? ReadValue(string path, int depth)
        {
            if (depth > Deepest)
            {
                throw Refuse($"is nested more than {Deepest} levels deep");
            }

            Count(1);
            var (anchor, value) = _parser.Current switch
            {
                AnchorAlias => (AnchorName.Empty, ReadAlias()),
                Scalar => ReadScalar(),
                SequenceStart => ReadSequence(path, depth),
                MappingStart => ReadMapping(path, depth),
                _ => throw Refuse("is not understood"),
            };
            if (!anchor.IsEmpty)
            {
                _anchors[anchor] = value?.DeepClone();
            }

            return value;
        }

        private JsonNode? ReadAlias()
        {
            var name = _parser.Current is AnchorAlias alias ? alias.Value : default;
            if (!_anchors.TryGetValue(name, out var value))
            {
                throw Refuse($"refers to '*{name}', which is not defined before it");
            }

            _parser.Consume<AnchorAlias>();
            Count(Size(value));
            return value?.DeepClone();
        }

        private (AnchorName Anchor, JsonNode? Value) ReadScalar()
        {
            var scalar = _parser.Consume<Scalar>();
            var isText = scalar.Style is not ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag == "tag:yaml.org,2002:str");
            return (scalar.Anchor, isText ? JsonValue.Create(scalar.Value) : PlainScalar.Resolve(scalar.Value));
        }

        private (AnchorName Anchor, JsonNode? Value) ReadSequence(string path, int depth)
        {
            var start = _parser.Consume<SequenceStart>();
            var array = new JsonArray();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                var itemPath = $"{path}[{array.Count.ToString(CultureInfo.InvariantCulture)}]";
                _lines[itemPath] = (int)_parser.Current!.Start.Line;
                array.Add(ReadValue(itemPath, depth + 1));
            }

            return (start.Anchor, array);
        }

        private (AnchorName Anchor, JsonNode? Value) ReadMapping(string path, int depth)
        {
            var start = _parser.Consume<MappingStart>();
            var json = new JsonObject();
            JsonObject? merged = null;
            while (!_parser.TryConsume<MappingEnd>(out _))
            {
                var key = _parser.Accept<Scalar>(out var scalar) ? scalar! : throw Refuse("has a key that is no text");
                var line = (int)key.Start.Line;
                _parser.Consume<Scalar>();
                var at = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
                if (key is { Value: "<<", Style: ScalarStyle.Plain })
                {
                    merged = Merge(merged, ReadValue(at, depth + 1));
                    continue;
                }

                _lines[at] = line;
                if (json.ContainsKey(key.Value))
                {
                    throw new ManifestException(file, line, (int)key.Start.Column, $"{at} is given twice");
                }

                json[key.Value] = ReadValue(at, depth + 1);
            }

            foreach (var (name, value) in merged ?? [])
            {
                if (!json.ContainsKey(name))
                {
                    json[name] = value?.DeepClone();
                }
            }

            return (start.Anchor, json);
        }

        /// <summary>YAML's merge key: the fields of other mappings, the first of several counts.</summary>
        private JsonObject Merge(JsonObject? into, JsonNode? source)
        {
            into ??= [];
            foreach (var mapping in source is JsonArray several ? [.. several] : (JsonNode?[])[source])
            {
                foreach (var (name, value) in mapping as JsonObject ?? throw Refuse("merges something that is no mapping"))
                {
                    into.TryAdd(name, value?.DeepClone());
                }
            }

            return into;
        }

        private void Count(int values)
        {
            _values += values;
            if (_values > MostValues)
            {
                throw Refuse($"holds more than {MostValues} values");
            }
        }

        private static int Size(JsonNode? node) => node switch
        {
            JsonObject json => 1 + json.Sum(field => Size(field.Value)),
            JsonArray array => 1 + array.Sum(Size),
            _ => 1,
        };

        private ManifestException Refuse(string problem)
        {
            var at = _parser.Current?.Start ?? Mark.Empty;
            return new ManifestException(file, (int)at.Line, (int)at.Column, $"the text {problem}");
        }
    }
}
