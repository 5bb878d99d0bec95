using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Resources;

/// <summary>
/// A few strings by name, such as labels: looked for one after the other, which for so few is no slower than hashing, and a quarter of a
/// dictionary's size. Every object of a fleet has two.
/// </summary>
internal sealed class StringMap : IReadOnlyDictionary<string, string>
{
    private readonly KeyValuePair<string, string>[] _entries;

    private StringMap(KeyValuePair<string, string>[] entries) => _entries = entries;

    public static StringMap Empty { get; } = new([]);

    public int Count => _entries.Length;

    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    public IEnumerable<string> Values => _entries.Select(entry => entry.Value);

    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"there is no '{key}'");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (var entry in _entries)
        {
            if (entry.Key == key)
            {
                value = entry.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Reads and writes maps of strings, whatever holds them. Of a key that is there twice, the last one counts.</summary>
    public sealed class Converter : JsonConverter<IReadOnlyDictionary<string, string>>
    {
        public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("expected an object of strings");
            }

            var strings = (JsonConverter<string>)options.GetConverter(typeof(string));
            var entries = new List<KeyValuePair<string, string>>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = strings.ReadAsPropertyName(ref reader, typeof(string), options);
                reader.Read();
                var value = reader.TokenType == JsonTokenType.Null ? null : strings.Read(ref reader, typeof(string), options);
                entries.RemoveAll(entry => entry.Key == key);
                entries.Add(new(key, value ?? throw new JsonException($"'{key}' is null")));
            }

            return entries.Count == 0 ? Empty : new StringMap([.. entries]);
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, text) in value)
            {
                writer.WriteString(key, text);
            }

            writer.WriteEndObject();
        }
    }
}
