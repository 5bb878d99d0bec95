using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Testing;
using ControlPlane.Api.Audit.Witnessing;
using ControlPlane.Api.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Witness.Tests;

/// <summary>The control plane's side, against the real witness.</summary>
public sealed class WitnessRoundTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dabbawala-round").FullName;
    private readonly HttpClient _http = new();
    private readonly MemoryLog _log = MemoryLog.Of(50);
    private readonly List<(AuditAlarmKind Kind, string Message)> _alarms = [];
    private RunningWitness? _witness;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Kept => Path.Combine(_folder, "cosigned");

    public async ValueTask InitializeAsync() => _witness = await RunningWitness.StartAsync(Path.Combine(_folder, "witness"), MemoryLog.Key.Verifier);

    public async ValueTask DisposeAsync()
    {
        await _witness!.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Each_new_checkpoint_is_cosigned_and_kept()
    {
        var round = RoundOf(_log);
        await round.RunAsync(Cancellation);
        Grow(_log, 80);
        await round.RunAsync(Cancellation);

        var kept = SignedNote.Parse((await round.LatestCosignedAsync(Cancellation))!);
        Assert.Equal(2, kept.VerifiedBy(MemoryLog.Key.Verifier, _witness!.Key).Count);
        Assert.Equal(80, Checkpoint.Parse(kept.Text).Size);
        Assert.Equal((80, 80), (round.Status.WitnessedSize, round.Status.LogSize));
        Assert.Equal([new WitnessState("witness.example/w1", 80, RunningWitness.Noon, null)], round.Status.Witnesses);
    }

    [Fact]
    public async Task A_restarted_control_plane_learns_what_the_witness_knows()
    {
        await RoundOf(_log).RunAsync(Cancellation);
        Grow(_log, 80);
        var restarted = RoundOf(_log);

        await restarted.RunAsync(Cancellation);

        Assert.Equal(80, restarted.Status.WitnessedSize);
    }

    [Fact]
    public async Task A_rewritten_log_is_told()
    {
        await RoundOf(_log).RunAsync(Cancellation);
        var round = RoundOf(MemoryLog.Of(60, i => MemoryLog.Entry(i, reason: i == 3 ? "rewritten" : "routine")));

        await round.RunAsync(Cancellation);

        Assert.Contains("rewritten", Assert.Single(round.Status.Witnesses).Failure, StringComparison.Ordinal);
        Assert.Equal(0, round.Status.WitnessedSize);
        var (kind, message) = Assert.Single(_alarms);
        Assert.Equal(AuditAlarmKind.Tampered, kind);
        Assert.Contains("rewritten", message, StringComparison.Ordinal);

        await round.RunAsync(Cancellation);
        Assert.Single(_alarms); // once, not with every round
    }

    [Fact]
    public async Task A_log_that_was_put_back_is_told()
    {
        await RoundOf(_log).RunAsync(Cancellation);
        var round = RoundOf(MemoryLog.Of(30));

        await round.RunAsync(Cancellation);

        Assert.Contains("entries were lost", Assert.Single(round.Status.Witnesses).Failure, StringComparison.Ordinal);
        Assert.Single(_alarms);
    }

    [Fact]
    public async Task A_witness_that_is_away_is_asked_again()
    {
        var round = RoundOf(_log);
        await _witness!.DisposeAsync();
        await round.RunAsync(Cancellation);
        Assert.Equal("it can't be reached", Assert.Single(round.Status.Witnesses).Failure);
        Assert.Empty(_alarms);

        _witness = await RunningWitness.StartAsync(Path.Combine(_folder, "witness"), MemoryLog.Key.Verifier, _witness.Url.Port);
        await round.RunAsync(Cancellation);

        Assert.Null(Assert.Single(round.Status.Witnesses).Failure);
    }

    [Fact]
    public async Task A_round_that_fails_is_told_and_ends_nothing()
    {
        var log = new TellsOfWarnings();
        using var service = new WitnessService(RoundOf(_log), new StoreThatIsAway(), new FakeTimeProvider(), log);
        await service.StartAsync(Cancellation);

        await log.Warned.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.False(service.ExecuteTask!.IsCompleted);
        await service.StopAsync(Cancellation);
    }

    private static void Grow(MemoryLog log, int size)
    {
        for (var i = (int)log.Size; i < size; i++)
        {
            log.Add(MemoryLog.Entry(i));
        }

        log.Sign();
    }

    private WitnessRound RoundOf(MemoryLog log) => new(log, new WitnessClient(_http, log), [new WitnessAddress(_witness!.Url, _witness.Key)], Kept, new Alarms(_alarms), NullLogger<WitnessRound>.Instance);

    private sealed class Alarms(List<(AuditAlarmKind Kind, string Message)> raised) : IAuditAlarm
    {
        public void Raise(AuditAlarmKind kind, string message) => raised.Add((kind, message));
    }

    private sealed class StoreThatIsAway : IDbContextFactory<ControlPlaneContext>
    {
        public ControlPlaneContext CreateDbContext() => throw new IOException("the store is away");
    }

    private sealed class TellsOfWarnings : ILogger<WitnessService>
    {
        private readonly TaskCompletionSource _warned = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Warned => _warned.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _warned.TrySetResult();
    }
}
