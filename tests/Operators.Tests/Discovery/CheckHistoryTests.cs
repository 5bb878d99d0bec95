using ControlPlane.Kubernetes.Resources;
using Operators.Discovery;

namespace Operators.Tests.Discovery;

public sealed class CheckHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_was_never_checked_is_healthy() => Assert.True(new CheckHistory().Healthy);

    /// <summary>Checks as they come: <c>+</c> passes, <c>-</c> fails. The verdict after each of them.</summary>
    [Theory]
    [InlineData("--", "+-")]
    [InlineData("-+-", "+++")]
    [InlineData("--+", "+-+")]
    [InlineData("----+-+--", "+---++++-")]
    public void Two_failures_in_a_row_make_it_unhealthy_and_one_pass_healthy_again(string checks, string verdicts) =>
        Assert.Equal(verdicts, Verdicts(new ActiveHealthCheck(), checks));

    [Theory]
    [InlineData("---+++", "++---+")]
    [InlineData("--+---++-+++", "+++++------+")]
    public void Thresholds_are_those_that_the_service_declares(string checks, string verdicts) =>
        Assert.Equal(verdicts, Verdicts(new ActiveHealthCheck { UnhealthyThreshold = 3, HealthyThreshold = 3 }, checks));

    [Fact]
    public void The_last_check_and_its_problem_are_kept()
    {
        var failed = new CheckHistory().After("refused", Noon, new ActiveHealthCheck());
        var passed = failed.After(problem: null, Noon.AddSeconds(30), new ActiveHealthCheck());

        Assert.Equal(("refused", Noon), (failed.Problem, failed.At));
        Assert.Equal((null, Noon.AddSeconds(30)), (passed.Problem, passed.At));
    }

    private static string Verdicts(ActiveHealthCheck thresholds, string checks)
    {
        var history = new CheckHistory();
        return string.Concat(checks.Select(check =>
        {
            history = history.After(check == '+' ? null : "failed", Noon, thresholds);
            return history.Healthy ? '+' : '-';
        }));
    }
}
