using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private const string Service = """
        # what the shop sells
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: ManagedService
        metadata:
          name: product
          namespace: shop
          annotations:
            example.com/note.v1: hello
        spec:
          workload:
            ports:
              - name: http
                port: 8080
              - port: 9090
            replicas: 3
        """;

    [Fact]
    public void A_manifest_names_its_object()
    {
        var document = Assert.Single(Read(Service));

        Assert.Equal(
            ("fleet.dabbawala.dev/v1alpha1", "ManagedService", new ObjectKey("shop", "product")), (document.ApiVersion, document.Kind, document.Key));
    }

    [Theory]
    [InlineData("kind", 3)]
    [InlineData("spec.workload.ports[0].port", 13)]
    [InlineData(".spec.workload.ports[1]", 14)]
    [InlineData("spec.workload.ports[1].name", 14)] // is not there; what is around it is
    [InlineData("spec.workload.ports[7].port", 11)]
    [InlineData("spec.workload.image.tag", 10)]
    [InlineData("metadata.annotations.example.com/note.v1", 8)]
    [InlineData("status", 2)]
    [InlineData("", 2)]
    public void A_field_has_a_line(string path, int line) => Assert.Equal(line, Assert.Single(Read(Service)).LineOf(path));

    [Fact]
    public void What_is_quoted_or_tagged_as_text_is_text() =>
        Reads("""{"a":"5","b":"true","c":"","d":"7","e":5}""", "a: '5'\nb: \"true\"\nc: ''\nd: !!str 7\ne: 5");

    [Fact]
    public void Blocks_keep_or_fold_their_lines() =>
        Reads("""{"a":"x\n  y\n","b":"x y\n","c":"x"}""", "a: |\n  x\n    y\nb: >\n  x\n  y\nc: |-\n  x");

    [Fact]
    public void Keys_are_text_whatever_they_look_like() => Reads("""{"8080":1,"true":2,"null":3}""", "8080: 1\ntrue: 2\nnull: 3");

    [Theory]
    [InlineData("\uFEFFa: 1")]
    [InlineData("a: 1\r\n")]
    [InlineData("---\na: 1\n...\n")]
    [InlineData("%YAML 1.2\n---\na: 1")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\n\t\"a\":\t1\n}")]
    public void However_it_is_written_it_is_the_same(string text) => Reads("""{"a":1}""", text);

    [Fact]
    public void Json_is_read_with_its_escapes() => Reads("""{"a":"\u00e9\ud83d\ude00\/\t"}""", """{"a": "\u00e9\ud83d\ude00\/\t"}""");

    [Fact]
    public void A_text_holds_any_number_of_documents()
    {
        var documents = Read("---\n# nothing\n---\nkind: A\n---\n---\nkind: B\n");

        Assert.Equal([("A", 4), ("B", 7)], documents.Select(document => (document.Kind, document.Line)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n---\n")]
    [InlineData("null")]
    public void A_text_may_hold_nothing(string text) => Assert.Empty(Read(text));

    [Fact]
    public void A_list_is_taken_apart_and_each_part_has_its_lines()
    {
        var documents = Read("""
            kind: List
            items:
              - kind: A
                spec:
                  x: 1
              - kind: B
                spec:
                  y: 1
            """);

        Assert.Equal([("A", 3), ("B", 6)], documents.Select(document => (document.Kind, document.Line)));
        Assert.Equal((5, 8, 7), (documents[0].LineOf("spec.x"), documents[1].LineOf("spec.y"), documents[1].LineOf("spec.x")));
    }

    [Theory]
    [InlineData("kind: A\nitems: []", "A")]
    [InlineData("kind: 5\nitems: []", "")]
    [InlineData("items: []", "")]
    [InlineData("kind: List\nitems: {}", "List")]
    public void Items_alone_make_no_list(string text, string kind) => Assert.Equal(kind, Assert.Single(Read(text)).Kind);

    [Fact]
    public void Aliases_stand_for_what_they_name() =>
        Reads("""{"a":{"x":[1,2]},"b":{"x":[1,2]},"c":1,"d":1}""", "a: &a {x: [1, 2]}\nb: *a\nc: &c 1\nd: *c");

    [Fact]
    public void Merged_fields_yield_to_those_that_are_given_and_to_earlier_merges() => Reads(
        """{"a":{"x":1},"b":{"x":2,"y":2},"c":{"z":3,"x":1,"y":2},"d":{"x":4}}""",
        "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}\nd: {x: 4, <<: *a}");

    [Theory]
    [InlineData("a: 1\nb: 2\n a: 3", 3, 3)]
    [InlineData("a: [1, 2", 2, 1)]
    [InlineData("a: 1\nx:\n  b: 1\n  b: 2", 4, 3)]
    [InlineData("a: b: c", 1, 5)]
    [InlineData("a: \"x", 1, 4)]
    [InlineData("a: 1\nb: *nobody", 2, 4)]
    [InlineData("a: 1\nb: .inf", 2, 4)]
    [InlineData("a: 1\nb: -.inf", 2, 4)]
    [InlineData("a: 1\n---\n- 1", 3, 1)]
    [InlineData("text", 1, 1)]
    [InlineData("? [a]\n: 1", 1, 3)]
    [InlineData("a: 1\n<<: 5", 2, 1)]
    [InlineData("kind: List\nitems:\n- 5", 3, 1)]
    public void What_is_wrong_is_told_with_its_place(string text, int line, int column)
    {
        var error = Assert.Throws<ManifestException>(() => Read(text));

        Assert.Equal(("test.yaml", line, column), (error.File, error.Line, error.Column));
        Assert.Equal($"test.yaml, line {line}, column {column}: {error.Problem}", error.Message);
    }

    [Fact]
    public void A_key_that_is_given_twice_is_named() =>
        Assert.Equal("spec.x is given twice", Assert.Throws<ManifestException>(() => Read("spec:\n  x: 1\n  x: 1")).Problem);

    [Theory]
    [InlineData(99, true)]
    [InlineData(101, false)]
    [InlineData(100_000, false)]
    public void Nesting_has_a_bound(int depth, bool isRead)
    {
        var text = "a: " + new string('[', depth) + new string(']', depth);

        Assert.Equal(isRead, Record.Exception(() => Read(text)) is null);
    }

    [Fact]
    public void Aliases_do_not_get_around_the_bound_of_nesting()
    {
        var levels = string.Join('\n', Enumerable.Range(1, 100).Select(i => $"a{i}: &a{i} [[[[[*a{i - 1}]]]]]"));

        Assert.Contains("nested", Assert.Throws<ManifestException>(() => Read($"a0: &a0 1\n{levels}")).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void What_an_alias_stands_for_is_as_deep_as_the_place_that_it_is_put(int depth, bool isRead)
    {
        var text = $"a: &a {new string('[', 60)}{new string(']', 60)}\nb: {new string('[', depth)}*a{new string(']', depth)}";

        Assert.Equal(isRead, Record.Exception(() => Read(text)) is null);
    }

    [Fact]
    public void A_few_lines_that_stand_for_billions_of_values_are_refused()
    {
        var levels = string.Join('\n', Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]"));

        Assert.Contains("values", Assert.Throws<ManifestException>(() => Read($"a0: &a0 1\n{levels}")).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_that_many_values_repeat_are_refused()
    {
        var name = new string('x', 1000);
        var text = $"{name}:\n  {name}:\n    {name}: [{string.Join(',', Enumerable.Repeat('1', 20_000))}]";

        Assert.Contains("names", Assert.Throws<ManifestException>(() => Read(text)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_becomes_of_a_text_it_is_read_or_refused_with_a_place() => Damage
        .Of(Service, "a: &a {x: [1, 2.5, 'x', \"\\u00e9\"]}\nb: {<<: *a, y: |\n  z\n}\n---\n- !!str 5", """{"a":[{"b":null},"é😀"]}""")
        .Sample(bytes =>
        {
            try
            {
                Read(System.Text.Encoding.UTF8.GetString(bytes));
                return true;
            }
            catch (ManifestException e)
            {
                return e is { Line: > 0, Column: > 0, Problem.Length: > 0 };
            }
        });

    private static IReadOnlyList<ManifestDocument> Read(string text) => ManifestReader.Read(text, "test.yaml");

    private static void Reads(string json, string text)
    {
        var read = Assert.Single(Read(text)).Json;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), read), read.ToJsonString());
    }
}
