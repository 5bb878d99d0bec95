using System.Net;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Tests.Testing;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Caching;

public sealed class WatchLineReaderTests
{
    [Theory]
    [InlineData("ADDED", WatchEventType.Added)]
    [InlineData("MODIFIED", WatchEventType.Modified)]
    [InlineData("DELETED", WatchEventType.Deleted)]
    public void A_change_carries_the_object_and_its_version(string text, object type)
    {
        var item = Read($$"""{"type":"{{text}}","object":{{WidgetJson.Object("a", 7, size: 3)}}}""");

        Assert.Equal(new WatchEvent<Widget>((WatchEventType)type, Widget.Of("a", 7, size: 3), Widget.Key("a"), "7"), item);
    }

    [Fact]
    public void A_bookmark_carries_a_version_and_no_object()
    {
        var item = Read(WidgetJson.Bookmark(42));

        Assert.Equal(WatchEventType.Bookmark, item?.Type);
        Assert.Equal("42", item?.ResourceVersion);
        Assert.Null(item?.Object);
    }

    [Fact]
    public void Braces_and_escapes_inside_the_object_do_not_end_it()
    {
        var item = Read("""{"type":"ADDED","object":{"metadata":{"name":"}\"{","namespace":"ns"},"spec":{"size":1}}}""");

        Assert.Equal("}\"{", item?.Object?.Metadata.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r")]
    [InlineData(" \t\r")]
    [InlineData("\uFEFF")]
    public void A_blank_line_is_no_event(string line) => Assert.Null(Read(line));

    [Theory]
    [InlineData("{0}\r")]
    [InlineData("\uFEFF{0}")]
    [InlineData("  {0}  ")]
    public void What_proxies_put_around_a_line_is_passed_over(string format) =>
        Assert.Equal("a", Read(string.Format(null, format, WidgetJson.Added(WidgetJson.Object("a", 1)).TrimEnd()))?.Object?.Metadata.Name);

    [Fact]
    public void An_object_that_does_not_fit_is_told_by_key_and_version_with_the_reason()
    {
        var item = Read(WidgetJson.Modified(WidgetJson.Misfit("a", 7)));

        Assert.Equal((WatchEventType.Undecodable, Widget.Key("a"), "7"), (item?.Type, item?.Key, item?.ResourceVersion));
        Assert.Contains("size", item?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_that_does_not_fit_is_deleted_all_the_same()
    {
        var item = Read(WidgetJson.Deleted(WidgetJson.Misfit("a", 7)));

        Assert.Equal((WatchEventType.Deleted, Widget.Key("a"), "7"), (item?.Type, item?.Key, item?.ResourceVersion));
        Assert.Null(item?.Object);
    }

    [Fact]
    public void An_error_event_is_the_status_that_it_carries()
    {
        var error = Assert.Throws<KubeApiException>(() => Read(WidgetJson.Error(410, "Expired")));

        Assert.True(error.IsExpired);
        Assert.Equal("as scripted", error.Message);
    }

    [Fact]
    public void An_error_event_without_a_code_is_a_fault_of_the_server()
    {
        var error = Assert.Throws<KubeApiException>(() => Read("""{"type":"ERROR","object":{"message":"etcd is away"}}"""));

        Assert.Equal(HttpStatusCode.InternalServerError, error.StatusCode);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":7,"object":{}}""")]
    [InlineData("""{"type":"RENAMED","object":{}}""")]
    [InlineData("""{"object":{},"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":7}}""")]
    [InlineData("""{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":7}}}""")]
    [InlineData("""{"type":"ERROR","object":{"code":"many"}}""")]
    [InlineData("<html>")]
    public void Anything_else_is_malformed(string line) => Assert.ThrowsAny<JsonException>(() => Read(line));

    [Fact]
    public void No_line_however_damaged_makes_it_fail_otherwise()
    {
        var lines = Damage.Of(
            WidgetJson.Added(WidgetJson.Object("a", 7, size: 3)), WidgetJson.Bookmark(3), WidgetJson.Error(410, "Expired"), WidgetJson.Deleted(WidgetJson.Misfit("b", 9)));
        lines.Sample(
            line =>
            {
                try
                {
                    _ = WatchLineReader.Read(line, Widget.Decoder);
                }
                catch (Exception e) when (e is JsonException or KubeApiException)
                {
                    // Both are expected of a server.
                }
            },
            iter: 20_000);
    }

    private static WatchEvent<Widget>? Read(string line) => WatchLineReader.Read(Encoding.UTF8.GetBytes(line), Widget.Decoder);
}
