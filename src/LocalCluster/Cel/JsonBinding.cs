using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using LocalCluster.Schemas;

namespace LocalCluster.Cel;

/// <summary>How expressions see JSON that has no schema, and how their values become JSON.</summary>
internal static class JsonBinding
{
    /// <summary>A value as expressions see it. Nothing is converted before it is looked at.</summary>
    /// <param name="json">The value.</param>
    /// <param name="type">What it was declared to be; null, as dyn, for whatever it is.</param>
    public static object ToValue(JsonNode? json, CelType? type = null) => json switch
    {
        null => CelNull.Value,
        JsonObject map => new JsonMap(map, type),
        JsonArray list => new JsonList(list, type?.Kind == CelKind.List ? type.Parameters[0] : null),
        _ when json.TryString(out var text) => type?.Kind == CelKind.Timestamp && TextFormats.TryDateTime(text, out var time) ? time : text,
        _ when json.TryBoolean(out var truth) => truth,
        _ when json.TryInteger(out var integer) => integer,
        _ when json.TryNumber(out var number) => number,
        _ => CelError.NoSuchOverload,
    };

    /// <summary>A value as JSON.</summary>
    /// <exception cref="FormatException">It has no form in JSON.</exception>
    public static JsonNode? ToJson(object value) => value switch
    {
        CelNull => null,
        bool truth => truth,
        long integer => integer,
        ulong integer => integer,
        double number => number,
        string text => text,
        byte[] bytes => Convert.ToBase64String(bytes),
        CelTimestamp or CelDuration => value.ToString(),
        CelList list => new JsonArray([.. list.Items().Select(ToJson)]),
        CelMap map => new JsonObject(map.Keys.Select(key => KeyValuePair.Create(Key(key), ToJson(Entry(map, key))))),
        _ => throw new FormatException($"a value of type {CelValues.TypeOf(value)} has no form in JSON"),
    };

    private static string Key(object key) =>
        key as string ?? throw new FormatException($"map key {CelValues.Show(key)} is of type {CelValues.TypeOf(key)}, not string");

    private static object Entry(CelMap map, object key) => map.TryGet(key, out var value) ? value : CelNull.Value;

    /// <summary>A JSON object. One that was declared to have certain fields has no others.</summary>
    private sealed class JsonMap(JsonObject map, CelType? type) : CelMap
    {
        private readonly CelType? _object = type?.Kind == CelKind.Object ? type : null;
        private readonly CelType? _values = type?.Kind == CelKind.Map ? type.Parameters[1] : null;

        public override int Count => _object is null ? map.Count : Keys.Count();

        public override IEnumerable<object> Keys => map.Select(entry => entry.Key).Where(Knows);

        public override bool TryGet(object key, [NotNullWhen(true)] out object? value)
        {
            value = null;
            if (key is not string name || !Knows(name) || !map.TryGetPropertyValue(name, out var child))
            {
                return false;
            }

            value = ToValue(child, _values ?? _object?.Field(name));
            return true;
        }

        private bool Knows(string name) => _object is null || _object.Field(name) is not null;
    }

    private sealed class JsonList(JsonArray list, CelType? items) : CelList
    {
        public override int Count => list.Count;

        public override object this[int index] => ToValue(list[index], items);
    }
}
