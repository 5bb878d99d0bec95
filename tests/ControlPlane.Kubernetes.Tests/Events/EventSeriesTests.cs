using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Events;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Tests.Testing;
using CsCheck;

namespace ControlPlane.Kubernetes.Tests.Events;

public sealed class EventSeriesTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 10, 30, 0, 123, TimeSpan.Zero);

    [Fact]
    public void An_event_is_stored_beside_what_it_is_about()
    {
        var series = Of(new(Widget.Type, Widget.Key("a"), "u"), "spec.size was 3", stamp: 255);

        Assert.Equal(new ObjectKey("ns", "a.ff"), series.Key);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {
                  "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"name": "a.ff", "namespace": "ns"},
                  "eventTime": "2026-11-23T10:30:00.123000Z", "reportingController": "operators", "reportingInstance": "pod-1",
                  "action": "Repair", "reason": "Drifted", "type": "Warning", "note": "spec.size was 3",
                  "regarding": {"apiVersion": "test.dev/v1", "kind": "Widget", "name": "a", "namespace": "ns", "uid": "u"}
                }
                """),
            Created(series)));
    }

    [Fact]
    public void An_event_about_something_of_the_whole_cluster_is_stored_in_the_default_namespace()
    {
        var series = Of(new(KnownResources.Nodes, new ObjectKey("", "node-1"), "u"), "note");

        Assert.Equal("default", series.Key.Namespace);
        Assert.Equal("", (string?)Created(series)["regarding"]!["namespace"]);
    }

    [Fact]
    public void Repetitions_are_a_count_and_the_time_of_the_last()
    {
        var series = Of(new(Widget.Type, Widget.Key("a"), "u"), "note");
        series.Repeat(At.AddSeconds(1));
        series.Repeat(At.AddSeconds(2));

        const string Series = """{"count":3,"lastObservedTime":"2026-11-23T10:30:02.123000Z"}""";
        Assert.Equal($$"""{"series":{{Series}}}""", Encoding.UTF8.GetString(series.ToCount()));
        Assert.Equal(Series, Created(series)["series"]!.ToJsonString());
    }

    [Fact]
    public void What_the_api_has_forgotten_goes_on_under_another_name_with_its_count()
    {
        var series = Of(new(Widget.Type, Widget.Key("a"), "u"), "note");
        series.Repeat(At.AddSeconds(1));
        series.Wrote(At.AddSeconds(1));
        var renewed = series.Renewed(256);

        Assert.Equal(("a.100", 2, 0, At), (renewed.Key.Name, renewed.Count, renewed.Written, renewed.FirstSeen));
    }

    [Theory]
    [InlineData(300, 'x')]
    [InlineData(253, 'x')]
    [InlineData(300, '.')]
    [InlineData(300, '-')]
    public void The_name_is_a_dns_subdomain_however_long_that_of_the_object_is(int length, char end)
    {
        var name = new string('x', 200) + new string(end, length - 200);
        var series = Of(new(Widget.Type, Widget.Key(name), "u"), "note", stamp: 0x7fff_ffff_ffff_ffff);

        Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", series.Key.Name);
        Assert.InRange(series.Key.Name.Length, 200, 253);
        Assert.EndsWith(".7fffffffffffffff", series.Key.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_is_cut_at_1024_bytes_between_characters() => Gen.OneOf(Gen.Const("x"), Gen.Const("é"), Gen.Const("₹"), Gen.Const("😀"))
        .Array[300, 1100].Select(string.Concat).Sample(note =>
        {
            var stored = (string)Created(Of(new(Widget.Type, Widget.Key("a"), "u"), note))["note"]!;
            var bytes = Encoding.UTF8.GetByteCount(stored);
            return Encoding.UTF8.GetByteCount(note) <= 1024
                ? stored == note
                : bytes is > 1024 - 4 - 3 and <= 1024 && stored.EndsWith('…') && note.StartsWith(stored[..^1], StringComparison.Ordinal);
        });

    private static EventSeries Of(EventSubject subject, string note, long stamp = 1) =>
        new(new EventNote(subject, EventSeverity.Warning, "Drifted", "Repair", note), stamp, At);

    private static JsonNode Created(EventSeries series) => JsonNode.Parse(series.ToCreate("operators", "pod-1"))!;
}
