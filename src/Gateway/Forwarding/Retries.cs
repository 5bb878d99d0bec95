using Gateway.Backends;
using Gateway.Policies;

namespace Gateway.Forwarding;

/// <summary>The further tries that one request has.</summary>
/// <param name="options">What is tried again; null for nothing.</param>
/// <param name="budget">What all requests of the service have together.</param>
/// <param name="time">Clock.</param>
internal sealed class Retries(RetryOptions? options, RetryBudget budget, TimeProvider time)
{
    private int _left = options?.Attempts ?? 0;
    private TimeSpan _pause = options?.BackoffBase ?? TimeSpan.Zero;

    /// <summary>Takes a try, if there is one after such an answer. Whoever gets true tries again.</summary>
    public bool TryTake(int status) => options is not null && (options.Statuses.Contains(status) || IsMeant(AttemptResult.FailureOf(status))) && TryTake();

    /// <summary>Takes a try, if there is one for such a failure. Whoever gets true tries again.</summary>
    public bool TryTake(FailureKinds failure) => IsMeant(failure) && TryTake();

    private bool IsMeant(FailureKinds failure) => options is not null && (failure & options.On) != FailureKinds.None;

    private bool TryTake()
    {
        if (_left == 0 || !budget.TryRetry(options!, time.GetElapsedTime(0)))
        {
            return false;
        }

        _left--;
        return true;
    }

    /// <summary>The pause before it: half to all of what it grows to, so that those who failed together do not come again together.</summary>
    public TimeSpan NextPause()
    {
        var pause = _pause;
        _pause = pause * 2 < options!.BackoffMax ? pause * 2 : options.BackoffMax;
        return pause * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
