using Compliance.Audit.Sequencing;
using Microsoft.Extensions.Time.Testing;

namespace Compliance.Tests.Audit.Sequencing;

public sealed class ByteBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly ByteBudget _budget = new(100);

    [Fact]
    public async Task Who_asks_for_more_than_is_free_waits_in_line()
    {
        await Take(60);
        var second = Take(60);
        var third = Take(10);
        Assert.False(second.IsCompleted || third.IsCompleted);

        _budget.GiveBack(60);

        await second;
        await third;
    }

    [Fact]
    public async Task Who_loses_patience_leaves_the_line_to_those_behind()
    {
        await Take(60);
        var second = Take(60);
        var third = _budget.TakeAsync(10, 2 * Patience, _time, TestContext.Current.CancellationToken);

        _time.Advance(Patience);

        await Assert.ThrowsAsync<TimeoutException>(() => second);
        await third;
        _budget.GiveBack(60);
        await Take(90);
    }

    private Task Take(int bytes) => _budget.TakeAsync(bytes, Patience, _time, TestContext.Current.CancellationToken);
}
