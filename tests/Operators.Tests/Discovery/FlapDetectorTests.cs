using Operators.Discovery;

namespace Operators.Tests.Discovery;

public sealed class FlapDetectorTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly FlapDetector _detector = new();

    [Fact]
    public void Four_changes_are_no_flapping_and_five_are()
    {
        Change(times: 4);
        Assert.False(_detector.IsFlapping(Noon));

        Change(times: 1);
        Assert.True(_detector.IsFlapping(Noon));
    }

    [Fact]
    public void To_see_the_same_again_is_no_change()
    {
        for (var i = 0; i < 10; i++)
        {
            _detector.Observe(healthy: true, Noon);
        }

        Assert.False(_detector.IsFlapping(Noon));
    }

    [Fact]
    public void Flapping_lasts_until_no_more_than_two_changes_are_left_in_ten_minutes()
    {
        Change(times: 3);
        Change(times: 3, at: Noon.AddMinutes(5));

        Assert.True(_detector.IsFlapping(Noon.AddMinutes(10)));
        Assert.True(_detector.IsFlapping(Noon.AddMinutes(15)));
        Assert.False(_detector.IsFlapping(Noon.AddMinutes(15).AddSeconds(1)));
    }

    [Fact]
    public void Three_changes_that_are_left_do_not_make_a_steady_instance_flap()
    {
        Change(times: 3);

        Assert.False(_detector.IsFlapping(Noon));
    }

    private bool _healthy;

    private void Change(int times, DateTimeOffset? at = null)
    {
        for (var i = 0; i < times; i++)
        {
            _detector.Observe(_healthy, at ?? Noon);
            _healthy = !_healthy;
            _detector.Observe(_healthy, at ?? Noon);
        }
    }
}
