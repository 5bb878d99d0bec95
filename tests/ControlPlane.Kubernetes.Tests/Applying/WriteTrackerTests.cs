using System.Text;
using ControlPlane.Kubernetes.Applying;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Applying;

public sealed class WriteTrackerTests
{
    private readonly TestClock _clock = new();
    private readonly WriteTracker _tracker;

    public WriteTrackerTests()
    {
        _tracker = new(_clock);
        _tracker.Wrote(Widget.Type, Widget.Key("a"), Encoding.UTF8.GetBytes(WidgetJson.Object("a", 7)), basedOn: "5", fingerprint: "f");
    }

    [Theory]
    [InlineData(5, 7, true)]
    [InlineData(6, 7, false)] // somebody was faster: what we wrote on, the cache never saw
    [InlineData(5, 8, false)]
    public void Only_our_write_on_what_we_saw_is_an_echo(int before, int after, bool isEcho) =>
        Assert.Equal(isEcho, _tracker.IsEcho(Widget.Type, new CacheChange<Widget>(Widget.Of("a", before), Widget.Of("a", after), Initial: false)));

    [Theory]
    [InlineData("6", true)]
    [InlineData("7", false)]
    [InlineData("10", false)]
    [InlineData("x", false)]
    public void A_version_before_our_write_is_stale(string version, bool isStale) => Assert.Equal(isStale, IsStale(version));

    [Fact]
    public void An_echo_is_not_waited_for_for_ever()
    {
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(IsStale("6"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(IsStale("6"));
    }

    [Fact]
    public void Of_what_is_gone_nothing_is_remembered()
    {
        _tracker.Gone(Widget.Type, Widget.Key("a"));

        Assert.Null(_tracker.Last(Widget.Type, Widget.Key("a")));
        Assert.False(IsStale("6"));
    }

    private bool IsStale(string version) => _tracker.IsStale(Widget.Type, Widget.Key("a"), version);
}
