using System.Net;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Commands;

public sealed class CommandGateTests : IDisposable
{
    private static readonly Caller Engineer = TestCaller.Of("engineer-1", new RoleGrant(Role.PlatformEngineer)) with { CorrelationId = "trace-1" };

    private readonly FakeLogger<CommandGate> _lines = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 6, 30, 0, TimeSpan.Zero));
    private readonly InMemoryAuditLog _log = new();
    private readonly CallerContext _callers = new();
    private readonly TestStore _store = new();
    private readonly AuditOutbox _outbox;

    public CommandGateTests()
    {
        _outbox = new AuditOutbox(_log, _time, NullLogger<AuditOutbox>.Instance);
        _callers.Become(Engineer);
    }

    public void Dispose()
    {
        _outbox.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task A_command_is_on_record_before_it_runs_and_after()
    {
        IReadOnlyList<AuditOutcome> before = [];

        var answer = await Gate().RunAsync(
            Apply(Cart()) with { Reason = "Diwali sale" },
            (trace, _) =>
            {
                before = [.. _log.Events.Select(item => item.Outcome)];
                (trace.Before, trace.After) = (JsonNode.Parse("""{"replicas":2}"""), JsonNode.Parse("""{"replicas":4}"""));
                return Task.FromResult(7);
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(7, answer);
        Assert.Equal([AuditOutcome.Attempted], before);
        var done = _log.Events[^1];
        Assert.Equal(AuditOutcome.Succeeded, done.Outcome);
        Assert.Equal(("manifests.apply", "Diwali sale", "trace-1"), (done.Action, done.Reason, done.CorrelationId));
        Assert.Equal(new AuditActor(AuditActorKind.Person, "engineer-1", "rest"), done.Actor);
        Assert.Equal(new AuditObject("ManagedService", "shop", "cart"), done.Object);
        Assert.Equal((2, 4), ((int)done.Before!["replicas"]!, (int)done.After!["replicas"]!));
    }

    [Fact]
    public async Task Each_thing_that_a_command_changes_has_its_own_entries_and_its_own_fate()
    {
        var (cart, order) = (Cart(), Cart() with { Name = "order" });

        await Gate().RunAsync(
            Apply(cart, order),
            (trace, _) =>
            {
                trace.Add(cart, before: null, JsonNode.Parse("1"));
                trace.Add(order, before: null, after: null, "the quota is used up");
                return Task.FromResult(0);
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(
            ["cart Attempted", "order Attempted", "cart Succeeded", "order Failed"],
            _log.Events.Select(item => $"{item.Object!.Name} {item.Outcome}"));
        Assert.Equal("the quota is used up", (string)_log.Events[3].Details!["problem"]!);
    }

    [Fact]
    public async Task Who_may_not_runs_nothing_and_that_is_on_record()
    {
        _callers.Become(TestCaller.Of("viewer-1", new RoleGrant(Role.Viewer)));

        await Assert.ThrowsAsync<AccessException>(() => Gate().RunAsync(Apply(Cart()), Never, TestContext.Current.CancellationToken));

        var refused = Assert.Single(_log.Events);
        Assert.Equal((AuditOutcome.Refused, "viewer-1"), (refused.Outcome, refused.Actor.Id));
        Assert.Contains("You may not apply manifests", (string)refused.Details!["problem"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_subject_out_of_reach_is_enough_to_refuse_all()
    {
        _callers.Become(TestCaller.Of("engineer-2", new RoleGrant(Role.PlatformEngineer, "shop")));

        await Assert.ThrowsAsync<AccessException>(
            () => Gate().RunAsync(Apply(Cart(), Cart() with { Namespace = "pay" }), Never, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_service_can_not_be_taken_from_a_team_that_one_does_not_speak_for()
    {
        _callers.Become(TestCaller.Of("engineer-3", new RoleGrant(Role.PlatformEngineer, Team: "orders")));
        await Gate().RunAsync(Apply(Cart() with { Team = "orders" }), Done, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<AccessException>(() => Gate().RunAsync(
            Apply(Cart() with { Team = "orders" }, Cart() with { Team = "payments" }), Never, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bell\u0007")]
    public async Task Where_the_policy_wants_a_reason_there_must_be_a_good_one(string? reason)
    {
        var problem = await Assert.ThrowsAsync<RequestException>(() => Gate().RunAsync(
            Apply(Cart() with { Tier = "Critical" }) with { Reason = reason }, Never, TestContext.Current.CancellationToken));

        Assert.Equal(("reason", HttpStatusCode.UnprocessableEntity), (problem.Field, problem.StatusCode));
        Assert.Empty(_log.Events);
    }

    [Fact]
    public async Task Without_the_log_nothing_runs_and_the_caller_hears_why()
    {
        _log.Away = "the disk is full";

        var away = await Assert.ThrowsAsync<AuditUnavailableException>(() => Gate().RunAsync(Apply(Cart()), Never, TestContext.Current.CancellationToken));

        var problem = ProblemDescription.Of(away);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, problem.Status);
        Assert.Contains("the disk is full", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("changes are not taken until the log is back", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_on_record_in_words_without_what_a_defect_said()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Gate().RunAsync<int>(
            Apply(Cart()), (_, _) => throw new InvalidOperationException("password=hunter2"), TestContext.Current.CancellationToken));

        Assert.Equal(AuditOutcome.Failed, _log.Events[^1].Outcome);
        Assert.DoesNotContain("hunter2", _log.Events[^1].Details!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", string.Concat(_lines.Collector.GetSnapshot().Select(line => line.Message)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_hangs_up_half_way_leaves_an_outcome()
    {
        using var hangUp = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Gate().RunAsync<int>(
            Apply(Cart()),
            async (_, cancel) =>
            {
                await hangUp.CancelAsync();
                cancel.ThrowIfCancellationRequested();
                return 0;
            },
            hangUp.Token));

        Assert.Equal([AuditOutcome.Attempted, AuditOutcome.Failed], _log.Events.Select(item => item.Outcome));
    }

    [Fact]
    public async Task An_outcome_that_the_log_does_not_take_is_kept_until_it_does()
    {
        await _outbox.StartAsync(TestContext.Current.CancellationToken);
        await Gate().RunAsync(
            Apply(Cart()),
            (_, _) =>
            {
                _log.Away = "the disk is full";
                return Task.FromResult(0);
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(1, _outbox.Waiting);

        _log.Away = null;
        await _outbox.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([AuditOutcome.Attempted, AuditOutcome.Succeeded], _log.Events.Select(item => item.Outcome));
    }

    [Fact]
    public async Task An_address_is_told_as_a_personal_datum_and_nowhere_else()
    {
        await Gate().RunAsync(Apply(Cart()), Done, TestContext.Current.CancellationToken);

        Assert.Equal([new PersonalDatum("engineer-1", "actor.address", "203.0.113.7")], _log.Events[0].PersonalData);
        Assert.All(_log.Events, item => Assert.DoesNotContain("203.0.113.7", (item with { PersonalData = [] }).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_state_that_is_longer_than_an_entry_is_told_by_its_hash()
    {
        var large = new JsonObject { ["text"] = new string('x', AuditLimits.EntryBytes) };

        await Gate().RunAsync(
            Apply(Cart()),
            (trace, _) =>
            {
                (trace.Before, trace.After) = (JsonNode.Parse("""{"text":"short"}"""), large);
                return Task.FromResult(0);
            },
            TestContext.Current.CancellationToken);

        var done = _log.Events[^1];
        Assert.Equal("short", (string)done.Before!["text"]!);
        Assert.Equal(64, ((string)done.After!["sha256"]!).Length);
        Assert.True((int)done.After["bytes"]! > AuditLimits.EntryBytes);
    }

    private CommandGate Gate() => new(new Authorizer(_callers), CommandPolicy.Default, _log, new ApprovalDesk(_store, new Authorizer(_callers), _log, _time), _outbox, _time, _lines);

    private static Command Apply(params IReadOnlyList<CommandSubject> subjects) => new(Permissions.ApplyManifests, subjects);

    private static CommandSubject Cart() => new("ManagedService", "shop", "cart") { Tier = "Standard" };

    private static Task<int> Done(CommandTrace trace, CancellationToken cancellationToken) => Task.FromResult(0);

    private static Task<int> Never(CommandTrace trace, CancellationToken cancellationToken) => throw new InvalidOperationException("it must not run");
}
