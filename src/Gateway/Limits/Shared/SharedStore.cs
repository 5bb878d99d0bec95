using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Limits.Shared;

/// <summary>
/// The Redis in which gateways count together. It is never waited for long: one that is away or slow is left alone for a second, in which each gateway
/// counts by itself.
/// </summary>
internal sealed partial class SharedStore : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SharedStore> _logger;
    private readonly Lazy<Task<ConnectionMultiplexer>> _connection;
    private long _leftAloneSince = long.MinValue;

    /// <param name="configuration">Addresses and options as StackExchange.Redis reads them, such as <c>redis:6379,password=…</c>. Holds a secret.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    /// <exception cref="ArgumentException">It can't be read.</exception>
    public SharedStore(string configuration, TimeProvider time, ILogger<SharedStore> logger)
    {
        (_time, _logger) = (time, logger);
        _options = ConfigurationOptions.Parse(configuration);
        _options.AbortOnConnectFail = false; // it is tried again by itself
        _options.BacklogPolicy = BacklogPolicy.FailFast;
        _options.ConnectTimeout = (int)Pause.TotalMilliseconds;
        _options.ReconnectRetryPolicy = new LinearRetry((int)Pause.TotalMilliseconds);
        _options.AsyncTimeout = (int)Patience.TotalMilliseconds;
        _options.ClientName = "dabbawala-gateway";
        _connection = new(() => ConnectionMultiplexer.ConnectAsync(_options));
    }

    /// <summary>Asks it; the default when it is away.</summary>
    public async ValueTask<(bool IsHeard, T? Answer)> AskAsync<T>(Func<IDatabase, Task<T>> question, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _leftAloneSince) is var since && since != long.MinValue && _time.GetElapsedTime(since) < Pause)
        {
            return (false, default);
        }

        try
        {
            var connection = await _connection.Value.WaitAsync(Patience, _time, cancellationToken);
            var answer = await question(connection.GetDatabase()).WaitAsync(cancellationToken);
            if (Interlocked.Exchange(ref _leftAloneSince, long.MinValue) != long.MinValue)
            {
                LogBack();
            }

            return (true, answer);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            if (Interlocked.Exchange(ref _leftAloneSince, _time.GetTimestamp()) == long.MinValue)
            {
                LogAway(e.GetType().Name);
            }

            return (false, default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection.IsValueCreated)
        {
            await (await _connection.Value).DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shared counter is away ({Kind}): each gateway counts by itself until it is back")]
    private partial void LogAway(string kind);

    [LoggerMessage(Level = LogLevel.Information, Message = "The shared counter is back")]
    private partial void LogBack();
}
