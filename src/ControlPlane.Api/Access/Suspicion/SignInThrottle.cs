namespace ControlPlane.Api.Access.Suspicion;

/// <summary>
/// Makes guessing passwords slow without locking anybody out: each failure doubles the wait, but only for that account from that address.
/// Addresses that an account never signed in from share a wait besides, or a thousand machines would have a thousand tries each; whoever signs
/// in from where he always does is not held up by them. And whoever tries one password on many accounts waits by his address.
/// </summary>
public sealed class SignInThrottle(TimeProvider time)
{
    private const int Remembered = 50_000;
    private const int FreeTries = 3;
    private const int FreeTriesOfStrangers = 20;
    private const string Any = "*";
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private readonly BoundedTable<(string Account, string Address), Failures> _failures = new(Remembered);

    /// <summary>How long to wait before the next try; null when it may be now.</summary>
    public TimeSpan? Wait(string account, string address, bool isKnown)
    {
        var wait = Left((account, address), FreeTries);
        if (!isKnown)
        {
            wait = Longer(wait, Longer(Left((account, Any), FreeTriesOfStrangers), Left((Any, address), FreeTriesOfStrangers)));
        }

        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>A try failed.</summary>
    public void Failed(string account, string address, bool isKnown)
    {
        Count((account, address));
        if (!isKnown)
        {
            Count((account, Any));
            Count((Any, address));
        }
    }

    /// <summary>A try succeeded.</summary>
    public void Succeeded(string account, string address) => _failures.Remove((account, address));

    /// <summary>Lets an account try again at once, from anywhere.</summary>
    public void Unlock(string account)
    {
        foreach (var (key, _) in _failures.Snapshot().Where(entry => entry.Key.Account == account))
        {
            _failures.Remove(key);
        }
    }

    /// <summary>Accounts that must wait now, with how long.</summary>
    public IReadOnlyList<(string Account, string Address, TimeSpan Left)> Waiting() =>
    [
        .. _failures.Snapshot()
            .Select(entry => (entry.Key.Account, entry.Key.Address, Left(entry.Key, entry.Key.Address == Any || entry.Key.Account == Any ? FreeTriesOfStrangers : FreeTries)))
            .Where(entry => entry.Item3 > TimeSpan.Zero),
    ];

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Count((string, string) key)
    {
        var now = time.GetUtcNow();
        _failures.Update(key, before => before is null || now - before.Last > Forgotten ? new(1, now) : new(before.Count + 1, now));
    }

    private TimeSpan Left((string, string) key, int free)
    {
        if (!_failures.TryGet(key, out var failures) || failures.Count < free)
        {
            return TimeSpan.Zero;
        }

        var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures.Count - free, 20)));
        var left = failures.Last + (wait < LongestWait ? wait : LongestWait) - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private sealed record Failures(int Count, DateTimeOffset Last);
}
