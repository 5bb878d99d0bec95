namespace Fleet.Tests.Testing;

internal static class Signals
{
    /// <summary>Ends when a token is cancelled.</summary>
    public static async Task WaitAsync(this CancellationToken signal, CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = signal.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(cancellationToken);
    }
}
