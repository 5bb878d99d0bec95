using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Audit.Recording;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Audit.Recording;

public sealed class AuditOutboxTests : IDisposable
{
    private readonly InMemoryAuditLog _log = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 6, 30, 0, TimeSpan.Zero));
    private readonly FakeLogger<AuditOutbox> _lines = new();
    private readonly AuditOutbox _outbox;

    public AuditOutboxTests() => _outbox = new(_log, _time, _lines);

    public void Dispose() => _outbox.Dispose();

    [Fact]
    public async Task What_has_happened_gets_into_the_log_in_its_order()
    {
        await _outbox.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 1; i <= 1200; i++)
        {
            _outbox.Add([Event(i)]);
        }

        await _log.UntilAsync(item => item.SourceSequence == 1200);
        Assert.Equal(Enumerable.Range(1, 1200).Select(i => (long?)i), _log.Events.Select(item => item.SourceSequence));
    }

    [Fact]
    public async Task While_the_log_is_away_events_wait_and_come_once_it_is_back()
    {
        var tried = new TaskCompletionSource();
        _log.Taking = _ => tried.TrySetResult();
        _log.Away = "the disk is full";
        await _outbox.StartAsync(TestContext.Current.CancellationToken);
        _outbox.Add([Event(1), Event(2)]);
        await tried.Task;

        _log.Away = null;
        await _outbox.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1L, 2L], _log.Events.Select(item => item.SourceSequence!.Value));
        Assert.Equal(0, _outbox.Waiting);
    }

    [Fact]
    public async Task What_does_not_fit_is_counted_and_the_log_is_told_so()
    {
        _outbox.Add([.. Enumerable.Range(1, AuditOutbox.Capacity + 3).Select(Event)]);
        Assert.Equal(AuditOutbox.Capacity, _outbox.Waiting);

        await _outbox.StopAsync(TestContext.Current.CancellationToken);

        var gap = _log.Events[^1];
        Assert.Equal(("audit.gap", 3L), (gap.Action, (long)gap.Details!["lost"]!));
        Assert.Equal(AuditOutbox.Capacity + 1, _log.Events.Count);
    }

    [Fact]
    public async Task An_event_that_can_not_be_recorded_keeps_nothing_else_back()
    {
        _log.Objection = item => item.SourceSequence == 2 ? ("action", "is no action") : null;
        _outbox.Add([Event(1), Event(2), Event(3)]);

        await _outbox.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1L, 3L], _log.Events.Select(item => item.SourceSequence!.Value));
        Assert.Contains(_lines.Collector.GetSnapshot(), line => line.Message.Contains("can't record", StringComparison.Ordinal));
    }

    private AuditEvent Event(int number) => new()
    {
        Id = Guid.CreateVersion7(_time.GetUtcNow()),
        Source = "operators/test",
        SourceSequence = number,
        OccurredAt = _time.GetUtcNow(),
        Actor = new(AuditActorKind.System, "registry", "operator"),
        Action = "reconcile.write",
    };
}
