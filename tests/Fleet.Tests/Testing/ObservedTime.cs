using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Tests.Testing;

/// <summary>
/// A clock that stands until it is moved, and that tells who waits for it: a test can await that a loop has gone to sleep.
/// </summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    // Far more than any loop needs; without it a loop that never goes to sleep would hang its test.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Ends when a timer of this length has been started.</summary>
    public async Task WaitForTimerAsync(TimeSpan dueTime, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (await _timers.Reader.ReadAsync(patience.Token) != dueTime)
        {
        }
    }
}
