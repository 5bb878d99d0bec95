using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Manifests;

public sealed class ManifestWriterTests
{
    /// <summary>Texts that YAML could take for something else, and pieces that make such texts.</summary>
    private static readonly string[] Pieces =
    [
        "a", "Z", "7", "0x1", "-", "- ", "#", " #", ":", ": ", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\"", "'", "\\", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">",
        "%", "@", "`", "?", "? ", "~", "<<", "---", "...", "yes", "null", "1.5", ".inf", "_", "é", "₹", "😀", "\u0000", "\u001b", "\u0085", "\u00a0", "\u2028", "\uFEFF",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 5].Select(string.Concat);

    private static readonly Gen<JsonNode?> Scalars = Gen.OneOf(
        Texts.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.ULong.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Const((JsonNode?)null));

    [Fact]
    public void What_is_written_is_read_as_the_same() => Objects(depth: 3).Sample(json =>
    {
        var text = ManifestWriter.ToYaml(json);
        var read = ManifestReader.Read(text, "test.yaml").Single().Json;
        return JsonNode.DeepEquals(JsonNode.Parse(json.ToJsonString()), JsonNode.Parse(read.ToJsonString()));
    });

    [Fact]
    public void An_object_is_written_for_people() => Assert.Equal(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: a
          labels: {}
        data:
          plain: 10.0.0.1
          port: "8080"
          flag: "yes"
          y: "1"
          empty: ""
          none: null
          text: |
            two
            lines
        items:
        - 1
        - 2.5
        - []
        - x: 1
          y: 2

        """.Replace("  y: \"1\"", "  \"y\": \"1\"", StringComparison.Ordinal).Replace("  y: 2", "  \"y\": 2", StringComparison.Ordinal),
        ManifestWriter.ToYaml(JsonNode.Parse("""
            {
              "items": [1, 2.5, [], {"x": 1, "y": 2}],
              "data": {
                "plain": "10.0.0.1", "port": "8080", "flag": "yes", "y": "1", "empty": "", "none": null, "text": "two\nlines\n"
              },
              "metadata": {"name": "a", "labels": {}},
              "kind": "ConfigMap",
              "apiVersion": "v1"
            }
            """)!));

    [Theory]
    [InlineData(".inf")]
    [InlineData("-.INF")]
    [InlineData(".nan")]
    public void Texts_that_other_readers_take_for_numbers_are_quoted(string text) =>
        Assert.Equal($"a: \"{text}\"\n", ManifestWriter.ToYaml(new JsonObject { ["a"] = text }));

    private static Gen<JsonObject> Objects(int depth) =>
        Gen.Select(Texts, Values(depth)).Array[1, 4].Select(fields =>
        {
            var json = new JsonObject();
            foreach (var (name, value) in fields)
            {
                json[name] = value?.DeepClone();
            }

            return json;
        });

    private static Gen<JsonNode?> Values(int depth) => depth == 0
        ? Scalars
        : Gen.Frequency(
            (3, Scalars),
            (1, Objects(depth - 1).Select(json => (JsonNode?)json)),
            (1, Values(depth - 1).Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))));
}
