using ControlPlane.Kubernetes.Queues;

namespace ControlPlane.Kubernetes.Tests.Queues;

public sealed class KeyBackoffTests
{
    private readonly KeyBackoff<string> _backoff = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(5));

    [Fact]
    public void Pauses_double_up_to_the_longest_and_stay_there()
    {
        var pauses = Enumerable.Range(0, 2000).Select(_ => _backoff.Next("a")).ToList();

        Assert.Equal([5, 10, 20, 40, 80], pauses.Take(5).Select(pause => pause.TotalMilliseconds));
        Assert.All(pauses.Skip(16), pause => Assert.Equal(TimeSpan.FromMinutes(5), pause));
    }

    [Fact]
    public void Each_key_has_its_own()
    {
        _backoff.Next("a");
        _backoff.Next("a");

        Assert.Equal(5, _backoff.Next("b").TotalMilliseconds);
        Assert.Equal((2, 1, 0), (_backoff.Failures("a"), _backoff.Failures("b"), _backoff.Failures("c")));
    }

    [Fact]
    public void A_forgotten_key_starts_anew()
    {
        _backoff.Next("a");
        _backoff.Forget("a");

        Assert.Equal((0, 5), (_backoff.Failures("a"), _backoff.Next("a").TotalMilliseconds));
    }
}
