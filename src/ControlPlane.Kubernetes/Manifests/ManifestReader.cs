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

    /// <summary>Most characters of the paths of all fields together: long names, nested deeply around many values, would fill the memory.</summary>
    private const int MostPathText = 32_000_000;

    private static readonly string TooDeep = $"is nested more than {Deepest} levels deep";

    /// <summary>Reads every object of a text; <c>List</c> objects are taken apart.</summary>
    /// <exception cref="ManifestException">The text is no YAML, repeats a key, or holds something other than objects.</exception>
    public static IReadOnlyList<ManifestDocument> Read(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reading = new Reading(text.StartsWith('\uFEFF') ? text[1..] : text, file);
        try
        {
            return [.. reading.Documents()];
        }
        catch (YamlException e)
        {
            throw new ManifestException(file, (int)e.Start.Line, (int)e.Start.Column, Tidy(e.Message));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw reading.Refuse("is not understood"); // YamlDotNet's parser loses its way in some texts instead of refusing them
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
        private int _pathText;

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

            var whole = new ManifestDocument(file, line, json, _lines);
            if (json["items"] is not JsonArray items || !whole.Kind.EndsWith("List", StringComparison.Ordinal))
            {
                yield return whole;
                yield break;
            }

            for (var i = 0; i < items.Count; i++)
            {
                var path = $"items[{i.ToString(CultureInfo.InvariantCulture)}]";
                var at = _lines.GetValueOrDefault(path, line);
                yield return items[i]?.DeepClone() is JsonObject item
                    ? new ManifestDocument(file, at, item, _lines, within: $"{path}.")
                    : throw new ManifestException(file, at, 1, $"{path} must be an object");
            }
        }

        private JsonNode? ReadValue(string path, int depth)
        {
            if (depth > Deepest)
            {
                throw Refuse(TooDeep);
            }

            Count(1);
            var (anchor, value) = _parser.Current switch
            {
                AnchorAlias => (AnchorName.Empty, ReadAlias(depth)),
                Scalar => ReadScalar(),
                SequenceStart => ReadSequence(path, depth),
                MappingStart => ReadMapping(path, depth),
                _ => throw Refuse("is not understood"),
            };
            if (!anchor.IsEmpty)
            {
                _anchors[anchor] = value;
            }

            return value;
        }

        private JsonNode? ReadAlias(int depth)
        {
            var name = _parser.Current is AnchorAlias alias ? alias.Value : default;
            if (!_anchors.TryGetValue(name, out var value))
            {
                throw Refuse($"refers to '*{name}', which is not defined before it");
            }

            var (size, height) = Measure(value);
            Count(size);
            if (depth + height > Deepest)
            {
                throw Refuse(TooDeep);
            }

            _parser.Consume<AnchorAlias>();
            return value?.DeepClone();
        }

        private (AnchorName Anchor, JsonNode? Value) ReadScalar()
        {
            var scalar = _parser.Consume<Scalar>();
            var isText = scalar.Style is not ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag == "tag:yaml.org,2002:str");
            if (!isText && PlainScalar.IsBeyondJson(scalar.Value))
            {
                throw Refuse($"holds '{scalar.Value}', a number that JSON does not have", scalar.Start);
            }

            return (scalar.Anchor, isText ? JsonValue.Create(scalar.Value) : PlainScalar.Resolve(scalar.Value));
        }

        private (AnchorName Anchor, JsonNode? Value) ReadSequence(string path, int depth)
        {
            var start = _parser.Consume<SequenceStart>();
            var array = new JsonArray();
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                var itemPath = $"{path}[{array.Count.ToString(CultureInfo.InvariantCulture)}]";
                Remember(itemPath, (int)_parser.Current!.Start.Line);
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
                    merged = Merge(merged, ReadValue(at, depth + 1), key.Start);
                    continue;
                }

                Remember(at, line);
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
        private JsonObject Merge(JsonObject? into, JsonNode? source, Mark at)
        {
            into ??= [];
            foreach (var mapping in source is JsonArray several ? [.. several] : (JsonNode?[])[source])
            {
                foreach (var (name, value) in mapping as JsonObject ?? throw Refuse("merges something that is no mapping", at))
                {
                    into.TryAdd(name, value?.DeepClone());
                }
            }

            return into;
        }

        private void Remember(string path, int line)
        {
            _lines[path] = line;
            _pathText += path.Length;
            if (_pathText > MostPathText)
            {
                throw Refuse("nests names that are too long too deeply");
            }
        }

        private void Count(int values)
        {
            _values += values;
            if (_values > MostValues)
            {
                throw Refuse($"holds more than {MostValues} values");
            }
        }

        private static (int Size, int Height) Measure(JsonNode? node)
        {
            var inner = node switch
            {
                JsonObject json => json.Select(field => field.Value),
                JsonArray array => array,
                _ => [],
            };
            var (size, height) = (1, 0);
            foreach (var (innerSize, innerHeight) in inner.Select(Measure))
            {
                size += innerSize;
                height = Math.Max(height, innerHeight + 1);
            }

            return (size, height);
        }

        public ManifestException Refuse(string problem) => Refuse(problem, _parser.Current?.Start ?? Mark.Empty);

        private ManifestException Refuse(string problem, Mark at) =>
            new(file, Math.Max(1, (int)at.Line), Math.Max(1, (int)at.Column), $"the text {problem}");
    }
}
