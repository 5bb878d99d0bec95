using System.Text;
using ControlPlane.Kubernetes.Applying;

namespace ControlPlane.Kubernetes.Tests.Applying;

public sealed class ShapeTests
{
    private const string Declared = """
        {"metadata":{"labels":{"app":"order"}},"spec":{"args":["a"],"template":{"spec":{"containers":[
            {"name":"order","image":"order:1","ports":[{"containerPort":80}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}]}}}}
        """;

    [Theory]
    [InlineData("order:1", "order:2")]
    [InlineData("\"value\":\"1\"", "\"value\":\"9\"")]
    [InlineData("{\"containerPort\":80}", "{\"containerPort\":80,\"protocol\":\"TCP\"}", false)]
    [InlineData("[\"a\"]", "[\"a\",\"b\"]")]
    [InlineData("\"labels\":{\"app\":\"order\"}", "\"labels\":{\"app\":\"x\"}")]
    [InlineData("\"app\":\"order\"", "\"team\":\"order\"", false)]
    [InlineData("\"name\":\"B\"", "\"name\":\"C\"", false)]
    [InlineData(",{\"name\":\"B\",\"value\":\"2\"}", "", false)]
    [InlineData(",\"value\":\"2\"", "", false)]
    [InlineData("\"containerPort\":80", "\"containerPort\":81", false)]
    [InlineData("\"args\":[\"a\"],", "", false)]
    [InlineData("\"name\":\"order\"", "\"name\":\"other\"", false)]
    public void Only_a_field_that_comes_or_goes_changes_the_shape(string before, string after, bool same = true)
    {
        var changed = Declared.Replace(before, after, StringComparison.Ordinal);

        Assert.NotEqual(Declared, changed);
        Assert.Equal(same, Of(Declared) == Of(changed));
    }

    private static string Of(string json) => Shape.Of(Encoding.UTF8.GetBytes(json));
}
