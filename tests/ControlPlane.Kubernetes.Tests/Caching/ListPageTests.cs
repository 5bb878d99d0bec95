using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Tests.Testing;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Caching;

public sealed class ListPageTests
{
    [Fact]
    public void A_page_has_items_the_lists_version_and_the_token_of_the_next()
    {
        var page = Read(WidgetJson.Page(9, "next", WidgetJson.Object("a", 1, size: 5), WidgetJson.Object("b", 2)));

        Assert.Equal([Widget.Of("a", 1, size: 5), Widget.Of("b", 2)], page.Items);
        Assert.Equal(("9", "next"), (page.ResourceVersion, page.Continue));
    }

    [Fact]
    public void The_last_page_has_no_token() => Assert.Null(Read(WidgetJson.List(9)).Continue);

    [Fact]
    public void The_metadata_may_come_after_the_items()
    {
        var page = Read($$$"""{"items":[{{{WidgetJson.Object("a", 1)}}}],"metadata":{"selfLink":"/x","resourceVersion":"9"},"kind":"WidgetList"}""");

        Assert.Equal(("9", 1), (page.ResourceVersion, page.Items.Count));
    }

    [Fact]
    public void An_empty_list_may_be_null_as_Go_writes_it() =>
        Assert.Empty(Read("""{"metadata":{"resourceVersion":"9"},"items":null}""").Items);

    [Fact]
    public void One_object_that_does_not_fit_does_not_take_the_others_with_it()
    {
        var page = Read(WidgetJson.List(9, WidgetJson.Object("a", 1), WidgetJson.Misfit("odd", 2), WidgetJson.Object("b", 3)));

        Assert.Equal(["a", "b"], page.Items.Select(item => item.Metadata.Name));
        Assert.Equal([Widget.Key("odd")], page.Undecodable.Select(item => item.Key));
    }

    [Fact]
    public void However_it_is_cut_on_its_way_it_is_the_same_list()
    {
        var json = Encoding.UTF8.GetBytes(
            $$$"""{"kind":"WidgetList","items":[{{{WidgetJson.Object("a", 1)}}},{{{WidgetJson.Misfit("odd", 2)}}}, {{{WidgetJson.Object("b", 12)}}}],"metadata":{"resourceVersion":"19","continue":"next"}}""");
        var whole = Read(json, [int.MaxValue]);
        Gen.Int[1, 60].Array[1, 8].Sample(
            parts =>
            {
                var page = Read(json, parts);
                Assert.Equal(whole.Items, page.Items);
                Assert.Equal(whole.Undecodable, page.Undecodable);
                Assert.Equal(("19", "next"), (page.ResourceVersion, page.Continue));
            },
            iter: 2_000);
    }

    [Fact]
    public void An_object_may_be_larger_than_any_buffer_that_is_there_at_first()
    {
        var name = new string('n', 300_000);

        Assert.Equal([name, "b"], Read(WidgetJson.List(9, WidgetJson.Object(name, 1), WidgetJson.Object("b", 2))).Items.Select(item => item.Metadata.Name));
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"9"},"items":5}""")]
    [InlineData("""{"metadata":{"resourceVersion":"9"},"items":[]""")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"metadata":null,"items":[]}""")]
    [InlineData("""{"metadata":{"resourceVersion":9},"items":[]}""")]
    [InlineData("""{"metadata":{"resourceVersion":"9"},"items":[5]}""")]
    [InlineData("""{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"cut o""")]
    public void What_is_no_list_is_malformed(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    [Fact]
    public void No_list_however_damaged_makes_it_fail_otherwise()
    {
        var lists = Damage.Of(WidgetJson.Page(9, "next", WidgetJson.Object("a", 1), WidgetJson.Misfit("b", 2)), WidgetJson.List(1));
        lists.Sample(
            json =>
            {
                try
                {
                    _ = Read(json, [7, 100]);
                }
                catch (JsonException)
                {
                    // Expected of a damaged list.
                }
            },
            iter: 20_000);
    }

    private static ListPage<Widget> Read(string json) => Read(Encoding.UTF8.GetBytes(json), [int.MaxValue]);

    /// <summary>Reads a list that comes in parts of these sizes, over and over. Nothing waits: the stream has all of it.</summary>
    private static ListPage<Widget> Read(byte[] json, int[] parts)
    {
        var reading = ListPage<Widget>.ReadAsync(new Portions(json, parts), Widget.Decoder, TestContext.Current.CancellationToken);
        Assert.True(reading.IsCompleted);
        return reading.GetAwaiter().GetResult();
    }

    /// <summary>A stream that gives what it has in portions, as a network does.</summary>
    private sealed class Portions(byte[] content, int[] sizes) : MemoryStream(content)
    {
        private int _reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span[..Math.Min(buffer.Length, sizes[_reads++ % sizes.Length])]));
    }
}
