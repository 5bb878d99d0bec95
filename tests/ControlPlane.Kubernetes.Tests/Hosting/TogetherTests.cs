using ControlPlane.Kubernetes.Hosting;
using ControlPlane.Kubernetes.Tests.Testing;

namespace ControlPlane.Kubernetes.Tests.Hosting;

public sealed class TogetherTests
{
    [Fact]
    public async Task They_run_until_they_are_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var running = Together.RunAsync([UntilCancelledAsync, UntilCancelledAsync], stop.Token);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Patience.For(running, "they go on"));
    }

    [Fact]
    public async Task When_one_fails_the_others_are_cancelled_and_its_failure_surfaces()
    {
        var others = new List<Task>();
        Task Other(CancellationToken token)
        {
            var task = UntilCancelledAsync(token);
            others.Add(task);
            return task;
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => Patience.For(
            Together.RunAsync([Other, _ => Task.FromException(new InvalidOperationException()), Other], TestContext.Current.CancellationToken), "they go on"));
        Assert.Equal(2, others.Count(task => task.IsCanceled));
    }

    [Fact]
    public async Task None_at_all_is_over_at_once() =>
        await Patience.For(Together.RunAsync([], TestContext.Current.CancellationToken), "nothing goes on");

    private static Task UntilCancelledAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
}
