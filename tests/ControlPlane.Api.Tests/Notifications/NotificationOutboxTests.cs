using ControlPlane.Api.Notifications;
using ControlPlane.Api.Store;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Api.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Notifications;

/// <summary>The outbox, which survives its process: each test looks at it through a second one over the same store.</summary>
public sealed class NotificationOutboxTests : IDisposable
{
    private static readonly NotificationTarget Target = new() { Name = "hook", Type = NotificationChannelType.Slack, Url = new("https://hooks.example") };

    private readonly TestStore _store = new();
    private readonly FakeTimeProvider _time = new(Rollout.Now);

    public void Dispose() => _store.Dispose();

    private NotificationOutbox One => field ??= new(_store, _time);

    private NotificationOutbox Another => new(_store, _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_put_in_is_due_once_however_often_and_by_whom()
    {
        Assert.True(await PutAsync(One));
        Assert.False(await PutAsync(One));
        Assert.False(await PutAsync(Another));

        Assert.Equal("k1", Assert.Single(await Another.TakeAsync(Target, 10, Cancel)).Notification.Key);
    }

    [Fact]
    public async Task What_one_has_taken_is_no_other_s_until_its_claim_is_over()
    {
        await PutAsync(One);
        Assert.Single(await One.TakeAsync(Target, 10, Cancel));

        Assert.Empty(await Another.TakeAsync(Target, 10, Cancel));
        _time.Advance(NotificationOutbox.Claim);
        Assert.Single(await Another.TakeAsync(Target, 10, Cancel)); // the first one died
    }

    [Fact]
    public async Task What_was_sent_is_never_due_again()
    {
        await PutAsync(One);
        var delivery = Assert.Single(await One.TakeAsync(Target, 10, Cancel));

        Assert.Equal(DeliveryState.Sent, await One.CloseAsync(delivery, problem: null, Cancel));

        _time.Advance(TimeSpan.FromDays(5));
        Assert.False(await PutAsync(Another));
        Assert.Empty(await Another.TakeAsync(Target, 10, Cancel));
    }

    [Fact]
    public async Task What_fails_is_tried_later_and_later_and_then_given_up()
    {
        await PutAsync(One);
        var pauses = new List<TimeSpan>();
        for (var attempt = 1; ; attempt++)
        {
            var delivery = Assert.Single(await One.TakeAsync(Target, 10, Cancel));
            if (await One.CloseAsync(delivery, "it answered with status 500", Cancel) == DeliveryState.GivenUp)
            {
                Assert.Equal(NotificationOutbox.MostAttempts, attempt);
                break;
            }

            pauses.Add(NotificationOutbox.PauseAfter(attempt));
            _time.Advance(pauses[^1] - TimeSpan.FromSeconds(1));
            Assert.Empty(await One.TakeAsync(Target, 10, Cancel));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600], pauses.Select(static pause => pause.TotalSeconds));
        Assert.Empty(await One.TakeAsync(Target, 10, Cancel));
    }

    [Fact]
    public async Task Only_what_a_target_wants_and_what_is_news_to_it_is_put_in()
    {
        var choosy = Target with { Events = [NotificationEvent.Promoted], Namespaces = ["bank"] };

        Assert.False(await One.PutAsync(Told.Of(), choosy, default, Cancel));
        Assert.False(await One.PutAsync(Told.Of(what: NotificationEvent.Promoted), choosy, default, Cancel));
        Assert.True(await One.PutAsync(Told.Of(what: NotificationEvent.Promoted, ns: "bank"), choosy, default, Cancel));
        Assert.False(await One.PutAsync(Told.Of("k2"), Target, Rollout.Now.AddTicks(10), Cancel));
        _time.Advance(TimeSpan.FromDays(8));
        Assert.False(await One.PutAsync(Told.Of("k3"), Target, default, Cancel));
    }

    [Fact]
    public async Task A_target_is_known_since_it_was_first_named()
    {
        await One.KnowAsync([Target], Cancel);
        _time.Advance(TimeSpan.FromHours(1));

        var since = await Another.KnowAsync([Target, Target with { Name = "new" }], Cancel);

        Assert.Equal((Rollout.Now, Rollout.Now.AddHours(1)), (since["hook"], since["new"]));
    }

    [Fact]
    public async Task Old_deliveries_are_forgotten()
    {
        await PutAsync(One);
        _time.Advance(TimeSpan.FromDays(31));

        await One.CleanAsync(Cancel);

        await using var context = await ((IDbContextFactory<ControlPlaneContext>)_store).CreateDbContextAsync(Cancel);
        Assert.Equal(0, await context.Set<NotificationDelivery>().CountAsync(Cancel));
    }

    private static Task<bool> PutAsync(NotificationOutbox outbox) => outbox.PutAsync(Told.Of(), Target, default, Cancel);
}
