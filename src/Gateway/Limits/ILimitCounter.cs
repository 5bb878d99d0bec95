using Gateway.Policies;

namespace Gateway.Limits;

/// <summary>Counts the requests of all callers of one limit.</summary>
internal interface ILimitCounter
{
    RateLimit Limit { get; }

    /// <summary>What this gateway has counted itself.</summary>
    LimitCounters Own { get; }

    /// <summary>Counts a request of a caller if it is within the limit; in shadow mode in any case.</summary>
    ValueTask<WindowVerdict> TakeAsync(string caller, TimeSpan now, CancellationToken cancellationToken);

    /// <summary>Gives back a request that was counted at this time with this verdict, because another limit refused it.</summary>
    ValueTask GiveBackAsync(string caller, TimeSpan at, WindowVerdict verdict, CancellationToken cancellationToken);
}
