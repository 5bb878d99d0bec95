using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit;
using ControlPlane.Api.Audit.Health;
using ControlPlane.Api.Audit.Verification;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Audit;

public sealed class AuditReadingTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 6, 30, 0, TimeSpan.Zero));
    private readonly CallerContext _callers = new();
    private readonly MemoryLog _log;

    public AuditReadingTests()
    {
        _log = new MemoryLog(_time);
        SignIn(new RoleGrant(Role.ComplianceOfficer));
    }

    private AuditSearch Search => new(_log, new Authorizer(_callers), _time);

    private AuditEntryQuery Entries => new(_log, new Authorizer(_callers));

    private AuditKeys Keys => new(_log.Signer.Verifier, []);

    [Fact]
    public async Task Pages_follow_each_other_newest_first_and_the_last_says_so()
    {
        for (var i = 0; i < 5; i++)
        {
            await _log.RecordAsync(SampleEvents.Of("manifests.apply", $"shop/s{i}"));
        }

        var first = await Search.ListAsync(new AuditSearchQuery(new AuditQuery()), before: null, limit: 3, Cancel);
        var second = await Search.ListAsync(new AuditSearchQuery(new AuditQuery()), first.Next, limit: 3, Cancel);

        Assert.Equal([4, 3, 2], first.Entries.Select(entry => entry.Index));
        Assert.Equal([1, 0], second.Entries.Select(entry => entry.Index));
        Assert.Null(second.Next);
        Assert.Equal(5, await Search.CountAsync(new AuditSearchQuery(new AuditQuery()), Cancel));
    }

    [Fact]
    public async Task Who_may_read_one_namespace_sees_nothing_of_others_or_of_none()
    {
        var own = await _log.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        var other = await _log.RecordAsync(SampleEvents.Of("manifests.apply", "pay/ledger"));
        var none = await _log.RecordAsync(SampleEvents.Of("session.start"));
        SignIn(new RoleGrant(Role.ComplianceOfficer, "shop"));

        Assert.Equal([own], (await Search.ListAsync(new AuditSearchQuery(new AuditQuery()), before: null, limit: 9, Cancel)).Entries.Select(entry => entry.Index));
        Assert.Empty((await Search.ListAsync(new AuditSearchQuery(new AuditQuery { Namespaces = ["pay"] }), before: null, limit: 9, Cancel)).Entries);
        Assert.Equal(1, await Search.CountAsync(new AuditSearchQuery(new AuditQuery()), Cancel));
        Assert.NotNull(await Entries.FindAsync(own, Cancel));
        Assert.Null(await Entries.FindAsync(other, Cancel));
        Assert.Null(await Entries.FindAsync(none, Cancel));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.PlatformEngineer)]
    [InlineData(Role.AuditSource)]
    public async Task Other_roles_may_not(Role role)
    {
        SignIn(new RoleGrant(role));

        await Assert.ThrowsAsync<AccessException>(() => Search.ListAsync(new AuditSearchQuery(new AuditQuery()), before: null, limit: 9, Cancel));
        await Assert.ThrowsAsync<AccessException>(() => Entries.FindAsync(0, Cancel));
        await Assert.ThrowsAsync<AccessException>(() => Health(known: null).ReadAsync(Cancel));
    }

    [Fact]
    public async Task A_grant_for_a_team_reaches_no_entries()
    {
        SignIn(new RoleGrant(Role.ComplianceOfficer, Team: "orders"));

        await Assert.ThrowsAsync<AccessException>(() => Search.CountAsync(new AuditSearchQuery(new AuditQuery()), Cancel));
    }

    [Fact]
    public async Task An_entry_shows_its_change_its_bytes_and_what_the_same_request_caused()
    {
        var index = await _log.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order", correlation: "c1").Change("""{"spec":{"replicas":2}}""", """{"spec":{"replicas":3}}"""));
        var caused = await _log.RecordAsync(SampleEvents.Of("reconcile.write", "shop/order", correlation: "c1"));

        var details = (await Entries.FindAsync(index, Cancel))!;

        Assert.Equal(("spec:\n  replicas: 2\n", "spec:\n  replicas: 3\n"), (details.Before, details.After));
        Assert.Equal(TreeHash.OfLeaf(details.Entry.Bytes.Span).ToString(), details.Leaf);
        Assert.Equal([caused], details.Related.Select(entry => entry.Index));
    }

    [Fact]
    public async Task Heartbeats_can_be_left_out_and_are_found_when_asked_for()
    {
        var entry = await _log.RecordAsync(SampleEvents.Of("session.start"));
        for (var i = 0; i < 7; i++)
        {
            await _log.RecordAsync(SampleEvents.Of("log.heartbeat"));
        }

        var people = new AuditSearchQuery(new AuditQuery(), Heartbeats: false);
        Assert.Equal([entry], (await Search.ListAsync(people, before: null, limit: 2, Cancel)).Entries.Select(found => found.Index));
        Assert.Equal(1, await Search.CountAsync(people, Cancel));
        Assert.Equal(7, await Search.CountAsync(people with { Query = new AuditQuery { Action = "log.heartbeat" } }, Cancel));
        Assert.Equal(8, await Search.CountAsync(new AuditSearchQuery(new AuditQuery()), Cancel));
    }

    [Fact]
    public async Task The_timeline_counts_what_matches()
    {
        await _log.RecordAsync(SampleEvents.Of("session.start"));
        _time.Advance(TimeSpan.FromHours(2));
        await _log.RecordAsync(SampleEvents.Of("session.start"));
        await _log.RecordAsync(SampleEvents.Of("session.end"));

        var timeline = await Search.TimelineAsync(new AuditSearchQuery(new AuditQuery { Action = "session.start" }), Cancel);

        Assert.Equal(2, timeline.Bars.Sum(bar => bar.Count));
        Assert.Equal(1, timeline.Bars[0].Count);
    }

    [Fact]
    public async Task A_recorded_entry_verifies_step_by_step()
    {
        await RecordAsync(11);
        _log.Sign();

        var report = (await Verification(Keys).VerifyAsync(5, Cancel))!;

        Assert.True(report.Passed);
        Assert.Equal([StepResult.Passed, StepResult.Passed, StepResult.Passed, StepResult.NotChecked], report.Steps.Select(step => step.Result));
        Assert.Contains("no witness", report.Steps[3].Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_was_changed_in_the_database_fails_at_its_hash()
    {
        await RecordAsync(11);
        _log.Sign();
        var text = (await Entries.FindAsync(5, Cancel))!.Text;
        _log.Tamper(5, text.Replace("u-1", "u-2", StringComparison.Ordinal));

        var report = (await Verification(Keys).VerifyAsync(5, Cancel))!;

        Assert.False(report.Passed);
        Assert.Equal([StepResult.Failed, StepResult.Failed], report.Steps.Take(2).Select(step => step.Result));
    }

    [Fact]
    public async Task A_checkpoint_of_another_key_fails()
    {
        await RecordAsync(3);
        _log.Sign();

        var report = (await Verification(new AuditKeys(NoteSigner.Generate(MemoryLog.Origin).Verifier, [])).VerifyAsync(1, Cancel))!;

        Assert.Equal(StepResult.Failed, report.Steps[2].Result);
    }

    [Fact]
    public async Task What_no_checkpoint_covers_is_not_verified()
    {
        await RecordAsync(3);
        _log.Sign();
        await RecordAsync(1);

        Assert.Null(await Verification(Keys).VerifyAsync(3, Cancel));
    }

    [Fact]
    public async Task Without_a_witness_health_says_plainly_what_would_not_show()
    {
        await RecordAsync(1);
        _log.Sign();

        var report = await Health(known: null).ReadAsync(Cancel);

        Assert.Equal((HealthLevel.Attention, "The log is whole, but nobody outside watches it"), (report.Level, report.Headline));
        Assert.Contains(report.Protections, protection => protection.Shows == false && protection.Attack.Contains("whole log anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_cosignature_of_lately_a_rewrite_would_show()
    {
        var witness = NoteSigner.Generate("witness.test", SignatureType.CosignatureV1);
        await RecordAsync(1);
        _log.Sign(text => witness.Cosign(text, _time.GetUtcNow()));
        var keys = new AuditKeys(_log.Signer.Verifier, [witness.Verifier]);

        var report = await new AuditHealthQuery(_log, () => null, static _ => Task.FromResult<string?>(null), keys, new Authorizer(_callers), _time).ReadAsync(Cancel);

        Assert.Equal(HealthLevel.Good, report.Level);
        Assert.Contains(report.Protections, protection => protection.Shows == true && protection.Attack.Contains("whole log anew", StringComparison.Ordinal));
        Assert.Equal(StepResult.Passed, (await new AuditVerification(_log, Entries, keys).VerifyAsync(0, Cancel))!.Steps[3].Result);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HealthLevel.Attention, (await new AuditHealthQuery(_log, () => null, static _ => Task.FromResult<string?>(null), keys, new Authorizer(_callers), _time).ReadAsync(Cancel)).Level);
    }

    [Fact]
    public async Task What_the_self_check_found_comes_first()
    {
        await RecordAsync(1);
        _log.Sign();
        var known = new AuditHealth { SelfCheck = new SelfCheckReport(_time.GetUtcNow(), 0, 1, ["entry 0 does not hash to its leaf"]) };

        var report = await Health(known).ReadAsync(Cancel);

        Assert.Equal((HealthLevel.Bad, "The log was changed past its rules"), (report.Level, report.Headline));
        Assert.Contains("entry 0", report.Findings[0].Words, StringComparison.Ordinal);
    }

    private AuditVerification Verification(AuditKeys keys) => new(_log, Entries, keys);

    private AuditHealthQuery Health(AuditHealth? known) => new(_log, () => known, static _ => Task.FromResult<string?>(null), Keys, new Authorizer(_callers), _time);

    private async Task RecordAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _log.RecordAsync(SampleEvents.Of("manifests.apply", $"shop/s{i}"));
        }
    }

    private void SignIn(params IReadOnlyList<RoleGrant> grants) =>
        _callers.Become(new Caller { Kind = CallerKind.Person, Id = "u-1", DisplayName = "Asha", Via = "console", Grants = grants });
}
