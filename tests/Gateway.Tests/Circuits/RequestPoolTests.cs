using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Circuits;
using Gateway.Policies;

namespace Gateway.Tests.Circuits;

public sealed class RequestPoolTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_above_the_ceiling_wait_in_the_order_in_which_they_came()
    {
        var pool = new RequestPool(new() { MaxRequests = 1 });
        Assert.True(await pool.EnterAsync(Ending));
        var (second, third) = (pool.EnterAsync(Ending).AsTask(), pool.EnterAsync(Ending).AsTask());
        Assert.Equal((1, 2), (pool.Active, pool.Pending));

        pool.Leave();

        Assert.True(await Patience.For(second, "the second did not get its turn"));
        Assert.False(third.IsCompleted);
        pool.Leave();
        Assert.True(await Patience.For(third, "the third did not get its turn"));
        pool.Leave();
        Assert.Equal((0, 0), (pool.Active, pool.Pending));
    }

    [Fact]
    public async Task Requests_above_the_ceiling_of_waiting_ones_are_refused()
    {
        var pool = new RequestPool(new() { MaxRequests = 1, MaxPending = 1 });
        await pool.EnterAsync(Ending);
        _ = pool.EnterAsync(Ending).AsTask();

        Assert.False(await pool.EnterAsync(Ending));
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_line()
    {
        var pool = new RequestPool(new() { MaxRequests = 1, MaxPending = 1 });
        await pool.EnterAsync(Ending);
        using var patience = new CancellationTokenSource();
        var waiting = pool.EnterAsync(patience.Token).AsTask();

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal((1, 0), (pool.Active, pool.Pending));
        var next = pool.EnterAsync(Ending).AsTask();
        pool.Leave();
        Assert.True(await Patience.For(next, "the place was lost"));
    }

    [Fact]
    public async Task However_many_come_and_go_never_more_than_the_ceiling_are_in_and_no_place_is_lost()
    {
        var pool = new RequestPool(new() { MaxRequests = 3 });
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async index =>
        {
            await Task.Yield();
            using var patience = new CancellationTokenSource();
            var entering = pool.EnterAsync(patience.Token).AsTask();
            if (index % 5 == 0)
            {
                await patience.CancelAsync();
            }

            try
            {
                await entering;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            pool.Leave();
        }));

        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (pool.Active, pool.Pending));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value && Interlocked.CompareExchange(ref target, value, seen) != seen; seen = Volatile.Read(ref target))
        {
        }
    }
}
