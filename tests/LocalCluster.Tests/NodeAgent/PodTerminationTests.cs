using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.NodeAgent.Pods;

namespace LocalCluster.Tests.NodeAgent;

public sealed class PodTerminationTests
{
    private readonly TestClock _clock = new();

    [Theory]
    [InlineData(30, 5, 5)]
    [InlineData(5, 30, 5)]
    public async Task Of_two_times_the_shorter_counts(int first, int second, int ends)
    {
        using var termination = new PodTermination(_clock);
        Assert.False(termination.Requested.IsCancellationRequested);

        termination.Request(TimeSpan.FromSeconds(first));
        termination.Request(TimeSpan.FromSeconds(second));
        await Patience.For(termination.WhenRequested, "nobody is told that the pod is to end");

        _clock.Advance(TimeSpan.FromSeconds(ends - 1));
        Assert.False(termination.Kill.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(termination.Kill.IsCancellationRequested);
    }
}
