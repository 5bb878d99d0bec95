using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Resources;

public sealed class KubeJsonTests
{
    [Fact]
    public void What_objects_say_alike_is_kept_once()
    {
        var (a, b) = (Meta("""{"name":"order","labels":{"app.kubernetes.io/name":"order"}}"""), Meta("""{"name":"order","labels":{"app.kubernetes.io/name":"order"}}"""));

        Assert.Same(a.Name, b.Name);
        Assert.Same(a.Name, a.Labels["app.kubernetes.io/name"]);
        Assert.Same(a.Labels.Keys.Single(), b.Labels.Keys.Single());
    }

    [Fact]
    public void However_many_different_texts_there_are_each_is_read_as_it_is() =>
        Gen.OneOf(Gen.String, Gen.Int.Select(i => $"svc-{i}"), Gen.String[Gen.Char['a', 'z'], 120, 140]).Array[1000].Select(texts => Array.ConvertAll(texts, WithoutHalves)).Sample(
            texts => Assert.Equal(texts, JsonSerializer.Deserialize<string[]>(JsonSerializer.SerializeToUtf8Bytes(texts, KubeJson.Options), KubeJson.Options)),
            iter: 100);

    [Fact]
    public void Labels_are_found_by_name_and_written_as_they_were_read()
    {
        const string Json = """{"name":"order","namespace":"","labels":{"tier":"Critical","team":"a \"b\" ü"}}""";
        var meta = Meta(Json);

        Assert.Equal(("Critical", "a \"b\" ü", 2), (meta.Labels["tier"], meta.Labels["team"], meta.Labels.Count));
        Assert.False(meta.Labels.ContainsKey("Tier"));
        Assert.Throws<KeyNotFoundException>(() => meta.Labels["owner"]);
        Assert.Equal(Json, JsonSerializer.Serialize(meta, KubeJson.Options));
    }

    [Fact]
    public void Of_a_label_that_is_given_twice_the_last_counts()
    {
        var labels = Meta("""{"labels":{"a":"1","b":"2","a":"3"}}""").Labels;

        Assert.Equal(("3", 2), (labels["a"], labels.Count));
    }

    [Theory]
    [InlineData("""{"labels":{"a":null}}""")]
    [InlineData("""{"labels":{"a":1}}""")]
    [InlineData("""{"labels":["a"]}""")]
    [InlineData("""{"labels":null}""")]
    [InlineData("""{"name":5}""")]
    public void What_does_not_fit_is_malformed(string json) => Assert.ThrowsAny<JsonException>(() => Meta(json));

    private static ObjectMeta Meta(string json) => JsonSerializer.Deserialize<ObjectMeta>(json, KubeJson.Options)!;

    /// <summary>Half of a surrogate pair is no text that JSON can carry.</summary>
    private static string WithoutHalves(string text) => string.Concat(text.EnumerateRunes());
}
