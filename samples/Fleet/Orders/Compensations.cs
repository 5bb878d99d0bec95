namespace Fleet.Orders;

/// <summary>
/// What undoes the steps of a saga (H. Garcia-Molina and K. Salem, "Sagas", SIGMOD 1987): run in reverse order when a later step fails. One
/// that fails is logged, and the rest still run.
/// </summary>
internal sealed partial class Compensations(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private readonly Stack<(string Step, Func<CancellationToken, Task> Undo)> _steps = [];

    /// <summary>Notes how a step is undone. To be noted before the step is tried: one that timed out may have worked.</summary>
    public void Add(string step, Func<CancellationToken, Task> undo) => _steps.Push((step, undo));

    /// <summary>Undoes everything. It has a time limit of its own, since what ended the saga may be that its caller went away.</summary>
    public async Task RunAsync()
    {
        using var limit = new CancellationTokenSource(TimeLimit, time);
        while (_steps.TryPop(out var compensation))
        {
            try
            {
                await compensation.Undo(limit.Token);
                LogUndone(logger, compensation.Step);
            }
            catch (Exception exception)
            {
                LogNotUndone(logger, compensation.Step, exception);
            }
        }
    }

    [LoggerMessage(EventName = "step-undone", Level = LogLevel.Information, Message = "{Step} was undone")]
    private static partial void LogUndone(ILogger logger, string step);

    [LoggerMessage(EventName = "step-not-undone", Level = LogLevel.Error, Message = "{Step} could not be undone")]
    private static partial void LogNotUndone(ILogger logger, string step, Exception exception);
}
