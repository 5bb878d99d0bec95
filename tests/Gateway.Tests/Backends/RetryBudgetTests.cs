using CsCheck;
using Gateway.Backends;
using Gateway.Policies;

namespace Gateway.Tests.Backends;

public sealed class RetryBudgetTests
{
    [Fact]
    public void Retries_are_a_share_of_the_requests_of_the_last_ten_seconds() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 3], Gen.Select(Gen.Int[0, 3000], Gen.Bool).Array[1, 200]).Sample((percent, minimum, steps) =>
        {
            var (budget, options, now) = (new RetryBudget(), new RetryOptions { BudgetPercent = percent, BudgetMinimumPerSecond = minimum }, TimeSpan.FromHours(1));
            var (requests, retries) = (new List<long>(), new List<long>());
            foreach (var (pause, isRequest) in steps)
            {
                now += TimeSpan.FromMilliseconds(pause);
                var second = (long)now.TotalSeconds;
                if (isRequest)
                {
                    budget.Requested(now);
                    requests.Add(second);
                    continue;
                }

                var allowed = Math.Max(minimum * 10, requests.Count(at => at > second - 10) * percent / 100);
                var expected = retries.Count(at => at > second - 10) < allowed;
                Assert.Equal(expected, budget.TryRetry(options, now));
                if (expected)
                {
                    retries.Add(second);
                }
            }
        });
}
