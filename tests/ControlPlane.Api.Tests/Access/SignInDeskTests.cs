using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Access;
using ControlPlane.Api.Access.Passwords;
using ControlPlane.Api.Access.Sessions;
using ControlPlane.Api.Access.SignIn;
using ControlPlane.Api.Access.Suspicion;
using ControlPlane.Api.Access.Users;
using ControlPlane.Api.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Access;

/// <summary>Signing in, with a clock that tests move.</summary>
public sealed class SignInDeskTests : IAsyncLifetime
{
    private const string Phrase = "a long enough phrase";
    private const string Asha = "u_asha";

    private static readonly PasswordCost Cheap = new(MemoryKiB: 64, Passes: 1, Lanes: 1);
    private static readonly Visitor Home = new("192.0.2.1", "Mozilla/5.0 Firefox/140.0", "test");
    private static readonly Visitor Elsewhere = Home with { Address = "198.51.100.9" };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 6, 0, 0, TimeSpan.Zero));
    private readonly InMemoryAuditLog _log = new();
    private readonly PasswordChecks _passwords = new(Cheap);
    private readonly AccessOptions _options = new();
    private TemporaryStore _store = null!;
    private SessionRegistry _sessions = null!;
    private SuspicionGauge _suspicion = null!;
    private OneTimeLinks _links = null!;
    private SignInDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TemporaryStore.MakeAsync();
        var audit = new AccessAudit(_log, _time);
        (_sessions, _links) = (new SessionRegistry(_store.Contexts, _options, _time), new OneTimeLinks(_store.Contexts, _options, _time));
        _suspicion = new SuspicionGauge(_options, new BlockList(_store.Contexts, _time, NullLogger<BlockList>.Instance), audit, _time, NullLogger<SuspicionGauge>.Instance);
        _desk = new SignInDesk(_store.Contexts, _links, _passwords, new SignInThrottle(_time), _suspicion, _sessions, audit, _time);
        await using var context = await _store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        context.Add(new User { Id = Asha, Name = "asha", DisplayName = "Asha", PasswordHash = PasswordHash.Of(Phrase, Cheap), Grants = [new(Role.Viewer)], Created = _time.GetUtcNow() });
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _passwords.Dispose();
    }

    [Fact]
    public async Task Nobody_signs_in_while_it_cannot_be_put_on_record()
    {
        _log.Away = "the disk is full";
        await Assert.ThrowsAsync<AuditUnavailableException>(() => SignInAsync(Phrase, Home));
        await using var context = await _store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await context.Set<Session>().ToListAsync(TestContext.Current.CancellationToken));

        _log.Away = null;
        Assert.NotNull((await SignInAsync(Phrase, Home)).Secret);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_where_it_happens_and_the_right_password_waits_there_too()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(SignInRefusal.Wrong, (await SignInAsync($"wrong phrase {i}", Elsewhere)).Refusal);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var result = await SignInAsync(Phrase, Elsewhere);
        Assert.Equal(SignInRefusal.Wait, result.Refusal);
        Assert.NotNull((await SignInAsync(Phrase, Home)).Secret);

        _time.Advance(result.RetryAfter!.Value);
        Assert.NotNull((await SignInAsync(Phrase, Elsewhere)).Secret);
    }

    [Fact]
    public async Task Whoever_fails_too_often_is_blocked_there_and_a_link_still_lets_in()
    {
        var program = Elsewhere with { Agent = "python-requests/2.32" };
        for (var i = 0; i < 11; i++)
        {
            await SignInAsync($"wrong phrase {i}", program);
            _time.Advance(TimeSpan.FromMinutes(4));
        }

        Assert.Equal(SignInRefusal.Blocked, (await SignInAsync(Phrase, program)).Refusal);
        Assert.NotNull((await SignInAsync(Phrase, Home)).Secret);
        Assert.Contains(_log.Events, item => item.Action == "suspicion.block");

        var link = (await _links.MakeAsync(Asha, LinkPurpose.SignIn, TestContext.Current.CancellationToken))["/sign-in?token=".Length..];
        Assert.NotNull((await _desk.ByLinkAsync(link, program, TestContext.Current.CancellationToken)).Secret);
        Assert.False(_suspicion.IsBlocked(program, Asha));
    }

    [Fact]
    public async Task The_links_of_two_replicas_that_start_both_work_until_one_of_them_is_used()
    {
        var first = (await _links.MakeAnotherAsync(Asha, LinkPurpose.SignIn, TestContext.Current.CancellationToken))["/sign-in?token=".Length..];
        var second = (await _links.MakeAnotherAsync(Asha, LinkPurpose.SignIn, TestContext.Current.CancellationToken))["/sign-in?token=".Length..];

        Assert.NotNull((await _desk.ByLinkAsync(first, Home, TestContext.Current.CancellationToken)).Secret);
        Assert.Equal(SignInRefusal.Link, (await _desk.ByLinkAsync(second, Home, TestContext.Current.CancellationToken)).Refusal);
    }

    [Fact]
    public async Task A_link_works_once_and_not_for_ever()
    {
        var old = (await _links.MakeAsync(Asha, LinkPurpose.SignIn, TestContext.Current.CancellationToken))["/sign-in?token=".Length..];
        _time.Advance(_options.SignInLinkLifetime);
        Assert.Equal(SignInRefusal.Link, (await _desk.ByLinkAsync(old, Home, TestContext.Current.CancellationToken)).Refusal);

        var link = (await _links.MakeAsync(Asha, LinkPurpose.SignIn, TestContext.Current.CancellationToken))["/sign-in?token=".Length..];
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _desk.ByLinkAsync(link, Home, TestContext.Current.CancellationToken)));
        Assert.Single(results, result => result.Secret is not null);
    }

    [Fact]
    public async Task A_session_ends_when_it_is_idle_and_in_any_case_after_a_day()
    {
        var idle = (await SignInAsync(Phrase, Home)).Secret!;
        var busy = (await SignInAsync(Phrase, Home)).Secret!;
        for (var hour = 0; hour < 23; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            Assert.NotNull(await _sessions.FindAsync(busy, TestContext.Current.CancellationToken));
        }

        Assert.Null(await _sessions.FindAsync(idle, TestContext.Current.CancellationToken));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await _sessions.FindAsync(busy, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_page_that_is_merely_open_keeps_no_session_alive()
    {
        var caller = (await _sessions.FindAsync((await SignInAsync(Phrase, Home)).Secret!, TestContext.Current.CancellationToken))!;
        for (var hour = 0; hour < 9; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await _sessions.RefreshAsync(caller.SessionId!, TestContext.Current.CancellationToken);
        }

        Assert.Null(_sessions.Current(caller.SessionId!));
    }

    [Fact]
    public async Task A_session_that_another_replica_ends_is_over_here_within_seconds()
    {
        var secret = (await SignInAsync(Phrase, Home)).Secret!;
        var caller = (await _sessions.FindAsync(secret, TestContext.Current.CancellationToken))!;
        await new SessionRegistry(_store.Contexts, _options, _time).EndAsync(Asha, caller.SessionId, except: null, TestContext.Current.CancellationToken);

        _time.Advance(SessionRegistry.Trust + TimeSpan.FromSeconds(1));

        Assert.Null(await _sessions.FindAsync(secret, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_stored_opens_nothing()
    {
        var secret = (await SignInAsync(Phrase, Home)).Secret!;
        await using var context = await _store.Contexts.CreateDbContextAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(secret, (await context.Set<Session>().SingleAsync(TestContext.Current.CancellationToken)).SecretHash);
        Assert.Null(await _sessions.FindAsync((await context.Set<Session>().SingleAsync(TestContext.Current.CancellationToken)).SecretHash, TestContext.Current.CancellationToken));
    }

    private Task<SignInResult> SignInAsync(string password, Visitor from) => _desk.ByPasswordAsync("asha", password, from, TestContext.Current.CancellationToken);
}
