using System.Text.Json.Nodes;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Approvals;

public sealed class ApprovalExpiryTests : IDisposable
{
    private readonly TestStore _store = new();
    private readonly InMemoryAuditLog _log = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 6, 30, 0, TimeSpan.Zero));

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_nobody_decided_on_in_time_expires_and_that_is_on_record()
    {
        var due = await StoreAsync(ApprovalState.Pending, expiresIn: TimeSpan.FromHours(1));
        var waits = await StoreAsync(ApprovalState.Pending, expiresIn: TimeSpan.FromHours(2));
        _time.Advance(TimeSpan.FromHours(1));

        await CloseAsync();

        Assert.Equal((ApprovalState.Expired, ApprovalState.Pending), (await StateAsync(due), await StateAsync(waits)));
        Assert.Equal(("approvals.expire", due.ToString()), Assert.Single(_log.Events) is var entry ? (entry.Action, entry.Object!.Name) : default);
    }

    [Fact]
    public async Task What_ran_when_its_process_died_is_closed_as_failed()
    {
        var dead = await StoreAsync(ApprovalState.Approved, decidedAt: _time.GetUtcNow());
        await CloseAsync();
        Assert.Equal(ApprovalState.Approved, await StateAsync(dead));

        _time.Advance(TimeSpan.FromMinutes(16));
        await CloseAsync();

        Assert.Equal(ApprovalState.Failed, await StateAsync(dead));
        Assert.Contains("trace-1", Assert.Single(_log.Events).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_log_nothing_is_closed()
    {
        var due = await StoreAsync(ApprovalState.Pending, expiresIn: TimeSpan.Zero);
        _log.Away = "the disk is full";

        await Assert.ThrowsAsync<Compliance.Audit.AuditUnavailableException>(CloseAsync);

        Assert.Equal(ApprovalState.Pending, await StateAsync(due));
    }

    [Fact]
    public async Task Pages_of_this_replica_hear_what_another_did_to_a_request()
    {
        var cancel = TestContext.Current.CancellationToken;
        var desk = new ApprovalDesk(_store, new Authorizer(new CallerContext()), _log, _time);
        using var watch = new ApprovalWatch(_store, desk, _time, NullLogger<ApprovalWatch>.Instance);
        var known = await StoreAsync(ApprovalState.Pending);
        await watch.LookAsync(cancel);
        await using var changes = desk.Changes.ReadAsync(TimeSpan.Zero, TimeProvider.System, cancel).GetAsyncEnumerator(cancel);
        await changes.MoveNextAsync(); // subscribed

        var asked = await StoreAsync(ApprovalState.Pending);
        Assert.Equal([asked], await HeardAsync());
        await ChangeAsync(known, ApprovalState.Approved);
        Assert.Equal([known], await HeardAsync());
        await ChangeAsync(asked, ApprovalState.Declined);
        Assert.Equal([asked], await HeardAsync());
        await watch.LookAsync(cancel);
        await ChangeAsync(known, ApprovalState.Done);
        Assert.Equal([known], await HeardAsync()); // and not what was told before

        async Task<IReadOnlySet<Guid>> HeardAsync()
        {
            await watch.LookAsync(cancel);
            await changes.MoveNextAsync();
            return changes.Current;
        }
    }

    private async Task ChangeAsync(Guid id, ApprovalState state)
    {
        await using var context = _store.CreateDbContext();
        var request = await context.Set<ApprovalRequest>().SingleAsync(request => request.Id == id, TestContext.Current.CancellationToken);
        (request.State, request.Version) = (state, request.Version + 1);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task CloseAsync()
    {
        using var expiry = new ApprovalExpiry(_store, _log, new ApprovalDesk(_store, new Authorizer(new CallerContext()), _log, _time), _time, NullLogger<ApprovalExpiry>.Instance);
        await expiry.CloseAsync(TestContext.Current.CancellationToken);
    }

    private async Task<Guid> StoreAsync(ApprovalState state, TimeSpan? expiresIn = null, DateTimeOffset? decidedAt = null)
    {
        var request = new ApprovalRequest
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            Action = "manifests.apply",
            Subjects = [new CommandSubject("ManagedService", "shop", "cart")],
            Change = new JsonObject(),
            Plan = new CommandPlan("digest", []),
            Reason = "why",
            AskedBy = new Asker(CallerKind.Person, "u-1", "u-1", "rest", []),
            AskerId = "u-1",
            AskedAt = _time.GetUtcNow(),
            ExpiresAt = _time.GetUtcNow() + (expiresIn ?? TimeSpan.FromDays(1)),
            DecidedByRoles = [],
            CorrelationId = "trace-1",
            State = state,
            DecidedAt = decidedAt,
        };
        await using var context = _store.CreateDbContext();
        context.Add(request);
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
        return request.Id;
    }

    private async Task<ApprovalState> StateAsync(Guid id)
    {
        await using var context = _store.CreateDbContext();
        return (await context.Set<ApprovalRequest>().AsNoTracking().SingleAsync(request => request.Id == id, TestContext.Current.CancellationToken)).State;
    }
}
