using System.Text.Json;
using LocalCluster.Storage;

namespace LocalCluster.Tests.Storage;

public sealed class StoredObjectTests
{
    [Fact]
    public void A_header_tells_key_uid_owners_and_version()
    {
        var obj = Objects.New("a", "ns", owner: "u1").WithResourceVersion(12);

        Assert.Equal(new("ns", "a"), obj.Key);
        Assert.Equal("a-uid", obj.Uid);
        Assert.Equal(12, obj.ResourceVersion);
        Assert.Equal(["u1"], obj.OwnerUids);
        Assert.False(obj.IsDeleting);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9_007_199_254_740_993)]
    public void The_version_is_written_into_the_JSON_and_can_be_written_again(long version)
    {
        var obj = Objects.New("a", data: "v").WithResourceVersion(7).WithResourceVersion(version);

        using var json = JsonDocument.Parse(obj.Json);
        Assert.Equal($"{version}", json.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString());
        Assert.Equal("v", json.RootElement.GetProperty("data").GetProperty("k").GetString());
    }

    [Fact]
    public void A_deletion_timestamp_is_seen()
    {
        var json = """{"metadata":{"name":"a","uid":"u","resourceVersion":"1","deletionTimestamp":"2026-01-01T00:00:00Z"}}"""u8.ToArray();

        Assert.True(StoredObject.Read(json).IsDeleting);
    }

    [Theory]
    [InlineData("""{"kind":"ConfigMap"}""")]
    [InlineData("""{"metadata":{"name":"a","uid":"u"}}""")]
    [InlineData("""{"metadata":{"uid":"u","resourceVersion":"1"}}""")]
    public void What_lacks_name_uid_or_version_is_no_object(string json) =>
        Assert.Throws<JsonException>(() => StoredObject.Read(System.Text.Encoding.UTF8.GetBytes(json)));
}
