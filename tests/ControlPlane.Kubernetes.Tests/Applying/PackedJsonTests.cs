using System.Text;
using ControlPlane.Kubernetes.Applying;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Applying;

public sealed class PackedJsonTests
{
    [Fact]
    public void What_is_packed_comes_back_whatever_it_is() =>
        Gen.Byte.Array[0, 70_000].Sample(json => Assert.Equal(json, PackedJson.Of(json).Unpack()), iter: 100);

    [Fact]
    public void An_object_of_a_cache_is_as_it_came_but_for_the_records_of_ownership()
    {
        const string Metadata = """{"name":"a","namespace":"shop","resourceVersion":"7"}""";
        const string Owners = ""","managedFields":[{"manager":"kubectl","operation":"Update","fieldsV1":{"f:spec":{}}}]""";
        var spec = $"\"spec\":{{\"note\":\"{new string('ä', 70_000)}\"}}";
        var json = "{\"metadata\":" + Metadata[..^1] + Owners + "}," + spec + "}";

        var live = new LiveObjectDecoder("dabbawala").Decode(Encoding.UTF8.GetBytes(json));

        Assert.Equal("{\"metadata\":" + Metadata + "," + spec + "}", Encoding.UTF8.GetString(live.Json.Span));
    }
}
