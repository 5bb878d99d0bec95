using Compliance.Audit;
using Compliance.Audit.Personal;
using Compliance.Retention;
using ControlPlane.Api.Audit.Storage.Postgres;

namespace ControlPlane.Api.Tests.Audit.Storage;

/// <summary>Replicas that remove from one log, on a real PostgreSQL server; each <see cref="RetainedLog"/> is as a process of its own.</summary>
public sealed class SharedRetentionTests(PostgresServer server) : IAsyncLifetime
{
    private RetainedLog _first = null!;
    private RetainedLog _second = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.MissingBecause is not null, PostgresServer.MissingBecause ?? "");
        var connection = server.ConnectionString(await server.CreateDatabaseAsync());
        _first = await RetainedLog.OpenAsync(new PostgresPersonalStore(connection), new PostgresAuditStore(connection));
        _second = await RetainedLog.OpenAsync(new PostgresPersonalStore(connection), new PostgresAuditStore(connection));
    }

    public async ValueTask DisposeAsync()
    {
        if (_first is not null)
        {
            await _first.DisposeAsync();
            await _second.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_replica_goes_on_from_where_another_has_pruned_to()
    {
        await FillAndWaitAsync();
        await PruneAsync(_first);

        var plan = await _second.Pruner.PlanAsync(Cancel); // no tick came in between
        Assert.Equal((512L, (PruneCertificate?)null), (plan.From, plan.Certificate));
        Assert.Null((await _second.Ledger.ReadAsync(Cancel)).Missing);

        await _second.Log.FillAsync(600);
        await AfterYearsAsync();
        Assert.Equal((512L, 1024L), await PruneAsync(_second));
        Assert.Empty(await _first.Prunable.CheckAsync(Cancel));
        Assert.Empty(await _second.Prunable.CheckAsync(Cancel));
    }

    [Fact]
    public async Task Of_two_that_prune_at_once_neither_calls_its_certificate_void()
    {
        await FillAndWaitAsync();
        _second.Use(new Between(_second.Log.Sequencer, () => PruneAsync(_first)));

        Assert.Equal((0L, 512L), await PruneAsync(_second));

        var certificates = await _first.Log.SearchAsync(new AuditQuery { Action = PruneCertificate.Action });
        Assert.Equal([AuditOutcome.Succeeded, AuditOutcome.Succeeded], certificates.Select(static entry => Compliance.Audit.Entries.AuditEntryReader.Read(entry.Bytes).Outcome!.Value));
        Assert.Empty(await _second.Prunable.CheckAsync(Cancel));
    }

    [Fact]
    public async Task A_hold_that_another_replica_placed_holds()
    {
        await FillAndWaitAsync();
        await _first.PlaceHoldAsync(new AuditQuery());

        Assert.Null(await PruneAsync(_second));
    }

    [Fact]
    public async Task What_one_replica_has_pruned_another_does_not_miss()
    {
        await _first.Log.AppendAsync([.. Enumerable.Range(0, 600).Select(_ => _first.Log.Event() with { PersonalData = [new PersonalDatum("u-9", "actor.address", "203.0.113.9")] })]);
        await _second.Ledger.ReadAsync(Cancel);
        await AfterYearsAsync();
        await PruneAsync(_first);

        Assert.Equal(88, (await _second.Planner.PlanAsync("u-9", Cancel)).GoesByField["actor.address"]);
    }

    private async Task FillAndWaitAsync()
    {
        await _first.Log.FillAsync(600);
        await AfterYearsAsync();
    }

    private async Task AfterYearsAsync()
    {
        await _first.AfterYearsAsync(9);
        await _second.AfterAsync(_first.Log.Time.GetUtcNow());
    }

    private static async Task<(long From, long End)?> PruneAsync(RetainedLog log) =>
        await log.Pruner.PruneAsync(expected: null, TestLog.Actor, "their time is over", correlationId: null, Cancel) is { } pruned ? (pruned.Certificate.From, pruned.Certificate.End) : null;

    /// <summary>Another one does something just before the certificate comes.</summary>
    private sealed class Between(IAuditLog log, Func<Task> act) : IAuditLog
    {
        private bool _acted;

        public async Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
        {
            if (!_acted)
            {
                _acted = true;
                await act();
            }

            return await log.AppendAsync(events, cancellationToken);
        }
    }
}
