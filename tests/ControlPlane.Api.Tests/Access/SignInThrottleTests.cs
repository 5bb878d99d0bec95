using ControlPlane.Api.Access.Suspicion;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Access;

public sealed class SignInThrottleTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 6, 0, 0, TimeSpan.Zero));
    private readonly SignInThrottle _throttle;

    public SignInThrottleTests() => _throttle = new(_time);

    [Fact]
    public void Each_failure_after_the_third_doubles_the_wait_up_to_a_quarter_of_an_hour()
    {
        List<TimeSpan> waits = [];
        for (var failure = 0; failure < 15; failure++)
        {
            _throttle.Failed("asha", "10.0.0.1", isKnown: true);
            var wait = _throttle.Wait("asha", "10.0.0.1", isKnown: true) ?? TimeSpan.Zero;
            waits.Add(wait);
            _time.Advance(wait);
        }

        Assert.Equal([0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900], waits.Select(wait => (int)wait.TotalSeconds));
    }

    [Fact]
    public void Whoever_guesses_elsewhere_does_not_hold_up_the_one_who_signs_in_from_where_he_always_does()
    {
        for (var i = 0; i < 1000; i++)
        {
            _throttle.Failed("asha", $"10.0.{i / 250}.{i % 250}", isKnown: false);
        }

        Assert.Null(_throttle.Wait("asha", "192.168.1.7", isKnown: true));
        Assert.Null(_throttle.Wait("ravi", "10.0.0.1", isKnown: false));
    }

    [Fact]
    public void A_thousand_machines_have_no_thousand_tries_each()
    {
        for (var i = 0; i < 25; i++)
        {
            _throttle.Failed("asha", $"10.0.0.{i}", isKnown: false);
        }

        Assert.NotNull(_throttle.Wait("asha", "10.9.9.9", isKnown: false));
    }

    [Fact]
    public void One_password_for_many_accounts_is_slowed_down_by_address()
    {
        for (var i = 0; i < 25; i++)
        {
            _throttle.Failed($"guest-{i}", "10.0.0.1", isKnown: false);
        }

        Assert.NotNull(_throttle.Wait("asha", "10.0.0.1", isKnown: false));
        Assert.Null(_throttle.Wait("asha", "10.0.0.1", isKnown: true));
        Assert.Null(_throttle.Wait("asha", "10.0.0.2", isKnown: false));
    }

    [Fact]
    public void A_right_password_forgets_the_wrong_ones()
    {
        Fail(10);

        _throttle.Succeeded("asha", "10.0.0.1");

        Assert.Null(_throttle.Wait("asha", "10.0.0.1", isKnown: true));
    }

    [Fact]
    public void An_admin_unlocks_an_account_from_everywhere()
    {
        Fail(10);
        Assert.Equal("asha", Assert.Single(_throttle.Waiting()).Account);

        _throttle.Unlock("asha");

        Assert.Empty(_throttle.Waiting());
        Assert.Null(_throttle.Wait("asha", "10.0.0.1", isKnown: true));
    }

    [Fact]
    public void Failures_are_forgotten_after_an_hour()
    {
        Fail(10);
        _time.Advance(TimeSpan.FromMinutes(61));

        _throttle.Failed("asha", "10.0.0.1", isKnown: true);

        Assert.Null(_throttle.Wait("asha", "10.0.0.1", isKnown: true));
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _throttle.Failed("asha", "10.0.0.1", isKnown: true);
        }
    }
}
