using Fleet.Hosting;
using Fleet.Notifications;

namespace Fleet.Tests.Notifications;

public sealed class OutboxTests
{
    private readonly Outbox _outbox = new(new CurrentRequest());

    [Fact]
    public void A_full_queue_refuses_and_remembers_nothing_of_it()
    {
        for (var i = 0; i < Outbox.Capacity; i++)
        {
            Assert.True(_outbox.TryEnqueue(Message($"n-{i}")));
        }

        Assert.False(_outbox.TryEnqueue(Message("n-more")));
        Assert.False(_outbox.TryGet("n-more", out _));
        Assert.Equal(Outbox.Capacity, _outbox.Waiting);
    }

    [Fact]
    public void A_closed_queue_takes_nothing()
    {
        _outbox.Close();

        Assert.False(_outbox.TryEnqueue(Message("n-1")));
    }

    private static Notification Message(string id) => new(id, "u-1", Channel.Sms, NotificationStatus.Queued, "", Recipient: null);
}
