using Gateway.Policies;

namespace Gateway.Backends;

/// <summary>
/// Ceiling of retries as a share of the requests of the last ten seconds: a service that fails altogether must not get several times its load.
/// A pure algorithm: time is an argument.
/// </summary>
internal sealed class RetryBudget
{
    private const int Seconds = 10;

    private readonly Lock _gate = new();
    private readonly (int Requests, int Retries)[] _slices = new (int, int)[Seconds];
    private long _head;

    /// <summary>Counts a request, without its retries.</summary>
    public void Requested(TimeSpan now)
    {
        lock (_gate)
        {
            Slice(now).Requests++;
        }
    }

    /// <summary>Takes a retry out of the budget; false when it is used up.</summary>
    public bool TryRetry(RetryOptions options, TimeSpan now)
    {
        lock (_gate)
        {
            ref var slice = ref Slice(now);
            if (options.BudgetPercent is not { } percent)
            {
                slice.Retries++; // others of the service may have a budget
                return true;
            }

            var requests = _slices.Sum(part => (long)part.Requests);
            var retries = _slices.Sum(part => (long)part.Retries);
            if (retries >= Math.Max(options.BudgetMinimumPerSecond * Seconds, requests * percent / 100))
            {
                return false;
            }

            slice.Retries++;
            return true;
        }
    }

    private ref (int Requests, int Retries) Slice(TimeSpan now)
    {
        var second = (long)now.TotalSeconds;
        if (second - _head >= Seconds)
        {
            Array.Clear(_slices);
            _head = second;
        }

        while (_head < second)
        {
            _slices[++_head % Seconds] = default;
        }

        return ref _slices[_head % Seconds];
    }
}
