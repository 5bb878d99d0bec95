using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Entries;
using Compliance.Audit.Personal;
using Compliance.Audit.Testing;
using Compliance.Retention;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Approvals;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Erasures;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Audit.Personal;
using ControlPlane.Api.Audit.Recording;
using ControlPlane.Api.Audit.Retention;
using ControlPlane.Api.Commands;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Audit.Retention;

/// <summary>Reports, prunes, the daily job and erasures, over a log in memory whose clock leaps over years.</summary>
public sealed class RetentionUseCaseTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly CallerContext _callers = new();
    private readonly TestStore _store = new();
    private readonly PersonalRecords _personal = new(new MemoryPersonalStore(), static () => new byte[32]);
    private readonly RetentionPolicy _policy = new(RetentionRules.LoadShipped());
    private readonly MemoryLog _log;
    private readonly RetentionLedger _ledger;
    private readonly AuditPruner _pruner;
    private readonly PersonalErasure _erasure;
    private readonly ErasurePlanner _planner;
    private readonly ErasureQuery _erasures;
    private readonly Authorizer _authorizer;
    private readonly CommandGate _gate;
    private readonly AuditOutbox _outbox;

    public RetentionUseCaseTests()
    {
        _log = new MemoryLog(_time) { Personal = _personal };
        _ledger = new RetentionLedger(_log, _log);
        _pruner = new AuditPruner(_log, _log, _log, _ledger, _personal, _policy, _time);
        _planner = new ErasurePlanner(_log, _ledger, _personal, _policy, _time);
        _erasure = new PersonalErasure(_personal, _planner, _log, _log, _log, _time);
        _authorizer = new Authorizer(_callers);
        _erasures = new ErasureQuery(_log, _authorizer);
        _outbox = new AuditOutbox(_log, _time, NullLogger<AuditOutbox>.Instance);
        _gate = new CommandGate(_authorizer, new CommandPolicy(), _log, new NoDesk(), _outbox, _time, NullLogger<CommandGate>.Instance);
        _callers.Become(TestCaller.Of("u_officer", new RoleGrant(Role.ComplianceOfficer)));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PruneCommand Prunes => new(_gate, _pruner, _authorizer);

    public void Dispose()
    {
        _ledger.Dispose();
        _personal.Dispose();
        _outbox.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task The_report_tells_each_class_its_rules_what_there_is_and_what_stands_in_the_way()
    {
        await FillAsync(3, "security");
        await FillAsync(2, "unheard-of");
        _log.Sign();

        var report = await Report().ReadAsync(Cancel);

        var security = report.Classes.Single(item => item.Name == "security");
        Assert.Equal((3L, "pci-audit-logs", new DateOnly(2027, 11, 27)), (security.Entries, security.LongestRule, security.Until));
        Assert.Equal((false, true), (security.Rules.Single(rule => rule.Id == "dpdp-security-logs").IsInForce, security.Rules.Single(rule => rule.Id == "certin-logs").IsInForce));
        Assert.Equal("180 days from the event", security.Rules.Single(rule => rule.Id == "certin-logs").Period);
        var unheard = report.Classes.Single(item => item.Name == "unheard-of");
        Assert.Equal((2L, null, (DateOnly?)null), (unheard.Entries, unheard.LongestRule, unheard.OldestUntil));
        Assert.Equal(0, report.Next!.Stop!.Index);
        Assert.Equal(_log.Records.Sum(static record => record.RetentionClass == "security" ? 1 : 0), security.Entries);
    }

    [Fact]
    public async Task A_prune_takes_a_reason_does_what_was_looked_at_and_leaves_command_and_certificate_on_record()
    {
        await FillAsync(600);
        await AfterAsync(Start.AddYears(9));
        var preview = await Prunes.PreviewAsync(Cancel);
        Assert.Equal(512, preview.Entries);
        Assert.Equal("reason", (await Assert.ThrowsAsync<RequestException>(() => Prunes.RunAsync(preview.End, " ", Cancel))).Field);
        Assert.Equal("end", (await Assert.ThrowsAsync<RequestException>(() => Prunes.RunAsync(256, "their time is over", Cancel))).Field);

        var done = await Prunes.RunAsync(preview.End, "their time is over", Cancel);

        Assert.Equal((0L, 512L), (done.From, done.End));
        Assert.Equal(["prunes.run", "log.prune", "prunes.run"], _log.Records.TakeLast(3).Select(record => record.Action));
        var report = await Report().ReadAsync(Cancel);
        Assert.Equal((512L, "u_officer", "their time is over"), (report.PrunedTo, Assert.Single(report.Past).By, report.Past[0].Reason));
        Assert.Equal(91L, report.Classes.Single(item => item.Name == "governance").Entries); // 88 of the 600, and three about the prune
        Assert.Equal("end", (await Assert.ThrowsAsync<RequestException>(() => Prunes.RunAsync(null, "again", Cancel))).Field);
    }

    [Fact]
    public async Task Who_may_only_look_does_not_prune_and_the_refusal_is_on_record()
    {
        await FillAsync(300);
        await AfterAsync(Start.AddYears(9));
        _callers.Become(TestCaller.Of("u_shop", new RoleGrant(Role.ComplianceOfficer, "shop")));

        await Assert.ThrowsAsync<AccessException>(() => Prunes.RunAsync(null, "their time is over", Cancel));

        Assert.Equal(0, _log.PrunedTo);
        Assert.Equal(("prunes.run", AuditOutcome.Refused), (_log.Records[^1].Action, _log.Records[^1].Outcome!.Value));
    }

    [Fact]
    public async Task The_daily_job_prunes_what_is_over_its_time_and_never_what_a_hold_covers()
    {
        await FillAsync(600);
        await _log.RecordAsync(LegalHold.Place("hold_1", "case 7", new AuditQuery { ObjectName = "order-300" }, "a proceeding", new(AuditActorKind.Person, "u-1", "rest"), null, _time.GetUtcNow()));
        await AfterAsync(Start.AddYears(9));

        await Job().RunAsync(Cancel);

        Assert.Equal(256, _log.PrunedTo);
        Assert.Equal(("log.prune", "dabbawala", AuditActorKind.System), (_log.Records[^1].Action, _log.Records[^1].Actor.Id, _log.Records[^1].Actor.Kind));
        var size = _log.Size;
        await Job().RunAsync(Cancel);
        Assert.Equal(size, _log.Size); // nothing more to do, and nothing said
    }

    [Fact]
    public async Task The_daily_job_leaves_a_log_alone_that_somebody_changed_and_prunes_nothing_where_it_is_told_so()
    {
        await FillAsync(600);
        await AfterAsync(Start.AddYears(9));

        await Job(prunesDaily: false).RunAsync(Cancel);
        Assert.Equal(0, _log.PrunedTo);
        _log.Findings = ["entry 7 is not what was recorded"];
        await Job().RunAsync(Cancel);
        Assert.Equal(0, _log.PrunedTo);
    }

    [Fact]
    public async Task A_person_is_found_by_name_address_or_datum_and_the_identifier_is_nowhere_on_record()
    {
        await AddUserAsync("u_asha", "asha", "Asha.Rao@example.com");
        await RecordAsync(new PersonalDatum("u_asha", "actor.address", "203.0.113.9"));
        await _log.RecordAsync(SampleEvents.Of("access.own") with { Object = new("Token", "", "u_asha"), After = new JsonObject { ["token"] = "t_9" } });
        await RecordAsync(new PersonalDatum("t_9", "actor.address", "203.0.113.10"));
        await RecordAsync(new PersonalDatum("c-77", "customer.email", "Asha.Rao@example.com"));

        var found = await Search().FindAsync("asha.rao@EXAMPLE.com", "DPR-17", Cancel);

        Assert.Equal(["u_asha", "c-77", "t_9"], found.Select(subject => subject.Subject));
        Assert.True(found[0].HasAccount);
        Assert.Equal(["u_asha", "t_9"], (await Search().FindAsync("ASHA", "DPR-17", Cancel)).Select(subject => subject.Subject));
        Assert.Equal(["c-77"], (await Search().FindAsync("c-77", "DPR-17", Cancel)).Select(subject => subject.Subject));
        Assert.Empty(await Search().FindAsync("nobody-like-it", "DPR-17", Cancel));
        var told = _log.Records.Where(record => record.Action == "erasures.find").ToList();
        Assert.Equal(8, told.Count);
        Assert.All(told, record => Assert.Equal("request DPR-17", record.Reason));
        for (var index = 0L; index < _log.Size; index++)
        {
            await foreach (var entry in _log.ReadAsync(index, index + 1, Cancel))
            {
                Assert.DoesNotContain("asha.rao", System.Text.Encoding.UTF8.GetString(entry.Bytes.Span), StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public async Task After_an_erasure_a_look_at_the_entry_says_when_and_by_which_request()
    {
        var index = await RecordAsync(new PersonalDatum("c-77", "customer.email", "asha.rao@example.com"));
        _time.SetUtcNow(Start.AddYears(2));

        var certificate = Assert.Single(await Erase().RunAsync(new ErasureDraft(["c-77"], "DPR-17", "she asked for it"), Cancel));
        var revealed = Assert.Single((await new PersonalDataReveal(_gate, new AuditEntryQuery(_log, _authorizer), _personal, _erasures).RevealAsync(index, "a grievance", Cancel))!);

        Assert.Equal((1L, 0L), (certificate.Erased, certificate.Kept));
        Assert.Null(revealed.Value);
        Assert.Equal((_time.GetUtcNow(), "DPR-17", certificate.Entry), (revealed.Erasure!.At, revealed.Erasure.Reference, revealed.Erasure.Entry));
        Assert.Equal(["erasures.run Attempted", "personal.erase Attempted", "personal.erase Succeeded", "erasures.run Succeeded"], _log.Records.Skip(1).Take(4).Select(record => $"{record.Action} {record.Outcome}"));
        Assert.Equal("c-77", Assert.Single((await _erasures.ListAsync("c-77", null, 10, Cancel)).Items).Subject);
    }

    [Fact]
    public async Task Personal_data_that_no_rule_keeps_any_longer_go_by_themselves_and_the_entry_says_by_which_rule()
    {
        var early = await RecordAsync(new PersonalDatum("c-77", "customer.email", "asha@example.com"));
        _time.SetUtcNow(Start.AddYears(1));
        await RecordAsync(new PersonalDatum("c-77", "customer.email", "asha@example.com"));

        await Job().RunAsync(Cancel);
        Assert.Equal(2, (await _personal.DigestsAsync("c-77", Cancel)).Count); // the last day of the year
        _time.SetUtcNow(Start.AddYears(1).AddDays(1));
        await Job(prunesDaily: false).RunAsync(Cancel);
        Assert.Equal(2, (await _personal.DigestsAsync("c-77", Cancel)).Count);
        await Job().RunAsync(Cancel);
        Assert.Single(await _personal.DigestsAsync("c-77", Cancel));

        var revealed = Assert.Single((await new PersonalDataReveal(_gate, new AuditEntryQuery(_log, _authorizer), _personal, _erasures).RevealAsync(early, "a grievance", Cancel))!);
        Assert.Equal((null, "dpdp-processing-logs", 3L), (revealed.Value, revealed.Erasure!.Reference, revealed.Erasure.Entry));
        Assert.Equal(["personal.expire Attempted", "personal.expire Succeeded"], _log.Records.Skip(2).Take(2).Select(record => $"{record.Action} {record.Outcome}"));
        Assert.Equal((1L, 1L, 0L), ((long)_log.Records[3].Details!["data"]!, (long)_log.Records[3].Details!["subjects"]!, (long)_log.Records[3].Details!["upTo"]!["governance"]!));
        var certificate = ExpiryCertificate.Read((await _log.ReadAsync(3, 4, Cancel).ToListAsync(Cancel))[0])!;
        Assert.Equal((true, false, false), (certificate.Covers(0, "governance"), certificate.Covers(1, "governance"), certificate.Covers(0, "tax")));
        var size = _log.Size;
        await Job().RunAsync(Cancel);
        Assert.Equal(size, _log.Size); // nothing more to do, and nothing said
    }

    [Fact]
    public async Task A_hold_that_is_placed_while_data_are_about_to_go_keeps_them()
    {
        await RecordAsync(new PersonalDatum("c-77", "customer.email", "asha@example.com"));
        _time.SetUtcNow(Start.AddYears(2));
        var actor = new AuditActor(AuditActorKind.Person, "u-1", "rest");
        var log = new HoldBetween(_log, LegalHold.Place("hold_1", "case 7", new AuditQuery(), "a proceeding", actor, null, _time.GetUtcNow()));

        Assert.Equal(0, await new PersonalExpiry(_personal, log, _log, _log, _ledger, _policy, _time).RunAsync(actor, Cancel));

        Assert.Single(await _personal.DigestsAsync("c-77", Cancel));
    }

    [Fact]
    public async Task A_hold_keeps_personal_data_whose_time_is_over_and_so_does_a_law_and_a_log_that_was_changed()
    {
        await RecordAsync(new PersonalDatum("c-77", "customer.email", "asha@example.com"));
        await _log.RecordAsync(SampleEvents.Of("invoices.issue", "shop/order-1", at: Start) with { RetentionClass = "tax", PersonalData = [new PersonalDatum("c-88", "customer.name", "Asha")] });
        await _log.RecordAsync(SampleEvents.Of("odd.one", "shop/order-2", at: Start) with { RetentionClass = "unheard-of", PersonalData = [new PersonalDatum("c-99", "customer.name", "Ravi")] });
        var hold = LegalHold.Place("hold_1", "case 7", new AuditQuery { Action = _log.Records[0].Action }, "a proceeding", new(AuditActorKind.Person, "u-1", "rest"), null, _time.GetUtcNow());
        await _log.RecordAsync(hold);
        _time.SetUtcNow(Start.AddYears(3));

        await Job().RunAsync(Cancel);
        await _log.RecordAsync(LegalHold.ReleaseOf("hold_1", "it is over", new(AuditActorKind.Person, "u-1", "rest"), null, null, _time.GetUtcNow()));
        _log.Findings = ["entry 2 is not what was recorded"];
        await Job().RunAsync(Cancel);
        Assert.Single(await _personal.DigestsAsync("c-77", Cancel));

        _log.Findings = [];
        await Job().RunAsync(Cancel);
        Assert.Empty(await _personal.DigestsAsync("c-77", Cancel));
        Assert.Single(await _personal.DigestsAsync("c-88", Cancel)); // the invoice is kept for eight years, and names its recipient
        Assert.Single(await _personal.DigestsAsync("c-99", Cancel)); // no rule says for how long
    }

    [Theory]
    [InlineData("", "she asked", "c-77", "reference")]
    [InlineData("asha@example.com", "she asked", "c-77", "reference")]
    [InlineData("DPR-17", "", "c-77", "reason")]
    [InlineData("DPR-17", "she asked", "", "subjects")]
    [InlineData("DPR-17", "she asked", "nobody", "subjects")]
    public async Task An_erasure_that_makes_no_sense_is_refused_by_its_field(string reference, string reason, string subject, string field) => Assert.Equal(
        field, (await Assert.ThrowsAsync<RequestException>(() => Erase().RunAsync(new ErasureDraft(subject.Length == 0 ? [] : [subject], reference, reason), Cancel))).Field);

    [Fact]
    public async Task The_address_of_an_owner_is_in_no_leaf_and_the_same_address_has_the_same_id()
    {
        var log = new AddressFreeLog(_log, Addresses());
        string Owned(string address) => new JsonObject { ["spec"] = new JsonObject { ["owner"] = new JsonObject { ["team"] = "orders", ["email"] = address } } }.ToJsonString();
        AuditEvent Change(string before, string after) => SampleEvents.Of("manifests.apply", "shop/order").Change(Owned(before), Owned(after));

        await log.AppendAsync([Change("Asha@example.com", "ravi@example.com"), Change("ravi@example.com", "asha@example.com "), SampleEvents.Of("session.start")], Cancel);

        var (first, second) = (_log.Records[0], _log.Records[1]);
        string Email(JsonNode? state) => (string)state!["spec"]!["owner"]!["email"]!;
        Assert.Equal((Email(first.Before), Email(first.After)), (Email(second.After), Email(second.Before)));
        Assert.StartsWith("address:", Email(first.Before), StringComparison.Ordinal);
        Assert.Equal("orders", (string)first.After!["spec"]!["owner"]!["team"]!);
        Assert.Equal(["owner.email", "owner.email"], first.Commitments.Select(commitment => commitment.Field));
        Assert.Equal("asha@example.com", (await _personal.FindDatumAsync(Email(first.Before), "owner.email", Cancel))!.Trim().ToLowerInvariant());
        Assert.Equal([Email(first.Before)], (await Search().FindAsync("asha@example.com", "DPR-17", Cancel)).Select(subject => subject.Subject));
    }

    /// <summary>Somebody places a hold just before the first entry comes.</summary>
    private sealed class HoldBetween(IAuditLog log, AuditEvent hold) : IAuditLog
    {
        private bool _placed;

        public async Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken)
        {
            if (!_placed)
            {
                _placed = true;
                await log.AppendAsync([hold], cancellationToken);
            }

            return await log.AppendAsync(events, cancellationToken);
        }
    }

    private RetentionQuery Report() => new(_ledger, _pruner, _log, _policy, _authorizer, _time);

    private RetentionJob Job(bool prunesDaily = true) => new(_pruner, _erasure, new PersonalExpiry(_personal, _log, _log, _log, _ledger, _policy, _time), new RetentionOptions(prunesDaily), _store, NullLogger<RetentionJob>.Instance);

    private EraseCommand Erase() => new(_gate, _erasure, _planner, _personal, _erasures, _authorizer);

    private SubjectSearch Search() => new(_gate, _personal, _planner, _log, _store, Pseudonyms(), Addresses());

    private static OwnerAddresses Addresses() => new(Pseudonyms());

    private static Pseudonyms Pseudonyms() => new(static _ => ValueTask.FromResult(new byte[32]));

    private async Task FillAsync(int entries, string retentionClass = "governance")
    {
        for (var i = 0; i < entries; i++)
        {
            await _log.RecordAsync(SampleEvents.Of("manifests.apply", $"shop/order-{i}", at: _time.GetUtcNow()) with { RetentionClass = retentionClass });
        }
    }

    private Task<long> RecordAsync(params IReadOnlyList<PersonalDatum> data) => _log.RecordAsync(SampleEvents.Of("session.start", "shop/order", at: _time.GetUtcNow()) with { PersonalData = data });

    private Task AfterAsync(DateTimeOffset time)
    {
        _time.AdjustTime(time);
        _log.Sign();
        return Task.CompletedTask;
    }

    private async Task AddUserAsync(string id, string name, string email)
    {
        await using var context = _store.CreateDbContext();
        context.Add(new User { Id = id, Name = name, DisplayName = name, Email = email, Grants = [], Created = Start });
        await context.SaveChangesAsync(Cancel);
    }

    private sealed class NoDesk : IApprovalDesk
    {
        Task<Guid> IApprovalDesk.AskAsync(Command command, ApprovalRule rule, CommandRecord record, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("no test asks for approval here");
    }
}
