using LocalCluster.NodeAgent.Pods;

namespace LocalCluster.Tests.NodeAgent;

public sealed class CrashBackoffTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pauses_double_from_ten_seconds_to_five_minutes()
    {
        var backoff = new CrashBackoff();
        var (now, pauses) = (Start, new List<int>());
        for (var i = 0; i < 8; i++)
        {
            var pause = backoff.Next(now);
            pauses.Add((int)pause.TotalSeconds);
            now += pause;
        }

        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], pauses);
    }

    [Fact]
    public void A_run_of_more_than_ten_minutes_is_forgiven()
    {
        var backoff = new CrashBackoff();
        backoff.Next(Start);
        var restarted = Start + backoff.Next(Start);

        Assert.Equal(20, backoff.Next(restarted + TimeSpan.FromMinutes(10)).TotalSeconds);
        Assert.Equal(0, backoff.Next(restarted + TimeSpan.FromMinutes(21)).TotalSeconds);
    }
}
