using System.Text.Json.Nodes;
using CsCheck;
using LocalCluster.Applying;

namespace LocalCluster.Tests.Applying;

public sealed class FieldSetTests
{
    private static readonly Gen<FieldSet> Sets = GenJson.Any("f:a", "f:b", "k:{\"name\":\"x\"}", "v:1").Array[1, 3].Array[0, 6]
        .Select(paths => FieldSet.Of(paths));

    [Fact]
    public void Operations_are_those_of_sets_of_paths() => Gen.Select(Sets, Sets).Sample((a, b) =>
    {
        Assert.Equal(Paths(a).Union(Paths(b)).Order(), Paths(a.Union(b)).Order());
        Assert.Equal(Paths(a).Intersect(Paths(b)).Order(), Paths(a.Intersect(b)).Order());
        Assert.Equal(Paths(a).Except(Paths(b)).Order(), Paths(a.Except(b)).Order());
        Assert.Equal(
            Paths(a).Where(p => !Paths(b).Any(q => p == q || p.StartsWith(q + " ", StringComparison.Ordinal))).Order(), Paths(a.ExceptTrees(b)).Order());
    });

    [Fact]
    public void Equal_sets_have_equal_paths() => Gen.Select(Sets, Sets).Sample((a, b) =>
        Assert.Equal(Paths(a).Order().SequenceEqual(Paths(b).Order()), a.Equals(b)));

    [Fact]
    public void A_set_is_read_back_as_it_was_written() => Sets.Sample(set => Assert.Equal(set, FieldsV1.Read(FieldsV1.Write(set))));

    [Fact]
    public void The_form_is_that_of_Kubernetes() => Assert.Equal(
        """{"f:spec":{".":{},"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{}}}}""",
        FieldsV1.Write(FieldSet.Of(["f:spec"], ["f:spec", "f:ports", "k:{\"port\":80,\"protocol\":\"TCP\"}"]))
            .ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    [Fact]
    public void Keys_are_the_same_in_any_order() => Assert.Equal(
        FieldsV1.Read(JsonNode.Parse("""{"k:{\"protocol\":\"TCP\",\"port\":80}":{}}""")!.AsObject()), FieldSet.Of(["k:{\"port\":80,\"protocol\":\"TCP\"}"]));

    [Theory]
    [InlineData("""{"spec":{}}""")]
    [InlineData("""{"f:spec":1}""")]
    [InlineData("""{"k:{":{}}""")]
    public void What_is_no_set_is_refused(string json) => Assert.Throws<FormatException>(() => FieldsV1.Read(JsonNode.Parse(json)!.AsObject()));

    private static List<string> Paths(FieldSet set) => [.. set.Paths().Select(p => string.Join(' ', p))];
}
