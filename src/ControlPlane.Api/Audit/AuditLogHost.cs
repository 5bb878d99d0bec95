using Compliance.Audit;
using Compliance.Audit.SelfChecking;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Tree;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Api.Audit;

/// <summary>
/// Opens the log before anything else starts and closes it after everything else stopped, and lets it check itself: the newest entries right after
/// the start, all of them once a day.
/// </summary>
public sealed class AuditLogHost(AuditSequencer log, IAuditStore store, IAuditAlarm alarm, TimeProvider time) : IHostedLifecycleService, IAsyncDisposable
{
    private const int TailTiles = 64;
    private static readonly TimeSpan WholeCheckEvery = TimeSpan.FromDays(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _checking = Task.CompletedTask;
    private volatile SelfCheckReport? _tail;
    private volatile SelfCheckReport? _whole;

    /// <summary>How the log is, with what its last self-check found.</summary>
    public AuditHealth Health => log.Health with { SelfCheck = _whole is { } whole && (_tail is null || whole.Findings.Count > 0 || whole.At >= _tail.At) ? whole : _tail };

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await log.StartAsync(cancellationToken);
        _checking = CheckAsync(_stop.Token);
    }

    /// <summary>Checks the whole log now.</summary>
    public async Task<SelfCheckReport> CheckNowAsync(CancellationToken cancellationToken) => _whole = await CheckFromAsync(0, cancellationToken);

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _checking;
        await log.DisposeAsync();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var firstTile = Math.Max(0, (log.Position.Edge.Size / TreeEdge.TileWidth) - TailTiles);
            _tail = await CheckFromAsync(firstTile * TreeEdge.TileWidth, cancellationToken);
            using var timer = new PeriodicTimer(WholeCheckEvery, time);
            do
            {
                await CheckNowAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the program stops
        }
    }

    private async Task<SelfCheckReport> CheckFromAsync(long from, CancellationToken cancellationToken)
    {
        try
        {
            var report = await new LiveCheck(log, store, time).RunAsync(from, token => Task.Delay(Pause, time, token), cancellationToken);
            foreach (var finding in report.Findings)
            {
                alarm.Raise(AuditAlarmKind.Tampered, finding);
            }

            return report;
        }
        catch (Exception e) when (e is not OperationCanceledException) // a damaged store can fail in any way, and that is a finding
        {
            return new SelfCheckReport(time.GetUtcNow(), from, log.Position.Edge.Size, [$"the check could not be finished: {e.Message}"]);
        }
    }
}
