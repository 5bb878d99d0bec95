using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Lifecycle;

/// <summary>
/// Brings things into order one key at a time. A key that is added again before its turn comes is handled once; one that is added while
/// it is handled is handled again; one that fails is tried again later.
/// </summary>
/// <typeparam name="TKey">Names what is to be brought into order.</typeparam>
/// <param name="handle">Looks at the state that the key names and does what is missing.</param>
/// <param name="clock">Time.</param>
/// <param name="logger">Log.</param>
internal sealed partial class WorkLoop<TKey>(Func<TKey, CancellationToken, Task> handle, TimeProvider clock, ILogger logger)
    where TKey : notnull
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Channel<TKey> _queue = Channel.CreateUnbounded<TKey>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<TKey> _waiting = [];

    /// <summary>Asks for a key to be handled.</summary>
    public void Add(TKey key)
    {
        lock (_waiting)
        {
            if (!_waiting.Add(key))
            {
                return;
            }
        }

        _queue.Writer.TryWrite(key);
    }

    /// <summary>Handles keys until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var key in _queue.Reader.ReadAllAsync(cancellationToken))
            {
                lock (_waiting)
                {
                    _waiting.Remove(key);
                }

                await HandleAsync(key, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task HandleAsync(TKey key, CancellationToken cancellationToken)
    {
        try
        {
            await handle(key, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogRetry(e, key);
            _ = RetryAsync(key, cancellationToken);
        }
    }

    private async Task RetryAsync(TKey key, CancellationToken cancellationToken)
    {
        await Task.Delay(RetryDelay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Add(key);
    }

    [LoggerMessage(LogLevel.Warning, "{Key} will be tried again")]
    private partial void LogRetry(Exception exception, TKey key);
}
