using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Backends;
using Gateway.Forwarding;
using Gateway.Policies;

namespace Gateway.Tests.Forwarding;

public sealed class RetriesTests
{
    private static readonly RetryOptions OfRoute = new() { Attempts = 2, On = FailureKinds.Reset, Statuses = new HashSet<int> { 429 }, BudgetPercent = null };

    [Theory]
    [InlineData(429, true)]
    [InlineData(500, false)]
    [InlineData(200, false)]
    public void Statuses_that_are_named_are_tried_again_and_no_others(int status, bool isTriedAgain) => Assert.Equal(isTriedAgain, Of(OfRoute).TryTake(status));

    [Fact]
    public void There_are_as_many_tries_as_were_asked_for_whatever_it_is_that_fails()
    {
        var retries = Of(OfRoute);

        bool[] taken = [retries.TryTake(429), retries.TryTake(FailureKinds.Reset), retries.TryTake(429)];

        Assert.Equal([true, true, false], taken);
    }

    [Fact]
    public void Without_a_budget_every_request_may_be_tried_again()
    {
        var budget = new RetryBudget();

        Assert.All(Enumerable.Range(0, 200), _ => Assert.True(Of(OfRoute, budget).TryTake(429)));
    }

    [Fact]
    public void A_route_keeps_within_the_methods_and_the_budget_of_the_policy()
    {
        var policy = new RetryOptions { Attempts = 9, Methods = new HashSet<string> { "GET" }, BudgetPercent = 0, BudgetMinimumPerSecond = 0 };

        var both = OfRoute.Within(policy);

        Assert.Equal((2, FailureKinds.Reset, policy.Methods), (both.Attempts, both.On, both.Methods));
        Assert.False(Of(both).TryTake(429));
        Assert.Same(OfRoute, OfRoute.Within(null));
    }

    [Fact]
    public void No_pause_is_shorter_than_half_of_the_base()
    {
        var retries = Of(OfRoute with { BackoffBase = TimeSpan.FromSeconds(2), BackoffMax = TimeSpan.FromSeconds(2) });

        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(retries.NextPause(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
    }

    private static Retries Of(RetryOptions options, RetryBudget? budget = null) => new(options, budget ?? new(), new TestClock());
}
