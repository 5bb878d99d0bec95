using System.Text.Json.Nodes;
using CsCheck;

namespace LocalCluster.Tests;

/// <summary>Random JSON for properties.</summary>
internal static class GenJson
{
    private static readonly Gen<string> Text = Any("", "a", "yes", "1", "0x1", "null", "~", "- a", "a: b", "#x", "ü", "x\ny", " lead", "true", "1e3", "'q'");

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf(
        Text.Select(t => (JsonNode?)t), Gen.Int[-5, 5].Select(i => (JsonNode?)(long)i), Gen.Bool.Select(b => (JsonNode?)b), Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> Shallow = Gen.OneOf(
        Scalar,
        Scalar.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())])),
        Map(Scalar).Select(o => (JsonNode?)o));

    /// <summary>An object of a few levels.</summary>
    public static Gen<JsonObject> Object { get; } = Map(Gen.OneOf(
        Shallow, Shallow.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())])), Map(Shallow).Select(o => (JsonNode?)o)));

    /// <summary>One of the given values.</summary>
    public static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<JsonObject> Map(Gen<JsonNode?> value) => Gen.Select(Any("a", "b", "c d", "yes", "1", "k.x/y"), value).Array[0, 4].Select(entries =>
    {
        var map = new JsonObject();
        foreach (var (key, child) in entries)
        {
            map[key] = child?.DeepClone();
        }

        return map;
    });
}
