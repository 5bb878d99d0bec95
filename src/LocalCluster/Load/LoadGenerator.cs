using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalCluster.Load;

/// <summary>
/// Sends made-up shoppers through the embedded gateway, as many as the hour of the day calls for. It sends when it is time, whether or not the answers before have
/// come (an open loop, as people are), but never more than <see cref="MostAtOnce"/> at once; and to loopback only.
/// </summary>
public sealed partial class LoadGenerator : BackgroundService
{
    /// <summary>Requests that are under way at most; those beyond are skipped and counted.</summary>
    public const int MostAtOnce = 64;

    /// <summary>Host of the shop's route.</summary>
    private const string Shop = "shop.local";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly LoopbackTarget _target;
    private readonly LoadFile _file;
    private readonly TimeProvider _time;
    private readonly ILogger<LoadGenerator> _logger;
    private readonly HttpClient _http;
    private readonly ShoppingTrip _trip;
    private readonly SemaphoreSlim _free = new(MostAtOnce);
    private volatile LoadSettings _settings;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;
    private long _failed;
    private long _skipped;

    /// <summary>Makes it; nothing is sent until it is started, and turned on.</summary>
    /// <param name="target">The embedded gateway, such as <c>http://127.0.0.1:5082</c>.</param>
    /// <param name="settingsFile">Where its settings are kept.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    /// <exception cref="ArgumentException">The target is no loopback address.</exception>
    public LoadGenerator(Uri target, string settingsFile, TimeProvider time, ILogger<LoadGenerator> logger)
    {
        ArgumentNullException.ThrowIfNull(target);
        (_target, _file, _time, _logger) = (new LoopbackTarget(target), new LoadFile(settingsFile), time, logger);
        _settings = _file.Read();
        _http = new HttpClient(_target.Handler()) { BaseAddress = _target.Address, Timeout = Patience };
        _http.DefaultRequestHeaders.Host = Shop;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("dabbawala-load/1");
        _trip = new ShoppingTrip(_http, Random.Shared);
    }

    /// <summary>What it is like now.</summary>
    public LoadStatus Status
    {
        get
        {
            var settings = _settings;
            var hour = DayShape.HourOf(_time.GetUtcNow(), settings.DayMinutes);
            return new LoadStatus(
                settings,
                _target.Address,
                hour,
                settings.IsOn ? settings.RequestsPerSecond * DayShape.At(hour) : 0,
                Interlocked.Read(ref _sent),
                Interlocked.Read(ref _failed),
                Interlocked.Read(ref _skipped));
        }
    }

    /// <summary>Changes how much there is, from now on and after a restart.</summary>
    /// <exception cref="ArgumentException">A setting is out of its bounds.</exception>
    /// <exception cref="IOException">It can't be kept.</exception>
    public void Set(LoadSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Problem is { } problem)
        {
            throw new ArgumentException($"{problem.Field} {problem.Message}", nameof(settings));
        }

        _file.Write(settings);
        _settings = settings;
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        LogSet(settings.IsOn ? "on" : "off", settings.RequestsPerSecond, settings.DayMinutes);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _http.Dispose();
        _free.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var underWay = new HashSet<Task>();
        var due = 0d;
        var before = _time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = _changed.Task; // before looking, so that no change goes unseen
            if (!_settings.IsOn)
            {
                await changed.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                (due, before) = (0, _time.GetTimestamp());
                continue;
            }

            await Task.Delay(Tick, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var now = _time.GetTimestamp();
            // After a long pause of the process it starts anew, rather than to send all that was missed at once.
            due += Math.Min(1, _time.GetElapsedTime(before, now).TotalSeconds) * Status.RequestsPerSecond;
            before = now;
            underWay.RemoveWhere(static task => task.IsCompleted);
            for (; due >= 1 && !stoppingToken.IsCancellationRequested; due--)
            {
                underWay.Add(SendAsync(stoppingToken));
            }
        }

        await Task.WhenAll(underWay);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (!await _free.WaitAsync(TimeSpan.Zero, CancellationToken.None))
        {
            Interlocked.Increment(ref _skipped);
            return;
        }

        try
        {
            Interlocked.Increment(ref _sent);
            Activity.Current = null; // every request is a trace of its own
            if ((int)await _trip.NextAsync(cancellationToken) >= 500)
            {
                Interlocked.Increment(ref _failed);
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                Interlocked.Increment(ref _failed);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made-up traffic is {State}: {Rate} requests a second on average, a day of {DayMinutes} minutes")]
    private partial void LogSet(string state, double rate, int dayMinutes);
}
