using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Notifications;

public sealed class NotificationTests : IAsyncLifetime
{
    private const string Confirmed = """
        {"userId":"u-1001","channel":"Sms","template":"OrderConfirmed","parameters":{"orderId":"o-1","amountInr":"578.00"}}
        """;

    private RunningFleet _fleet = null!;

    public async ValueTask InitializeAsync() => _fleet = await RunningFleet.StartAsync(TestContext.Current.CancellationToken, "user", "notification");

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Theory]
    [InlineData("Sms", "XXXXXX1001")]
    [InlineData("Email", "a***@example.com")]
    public async Task A_message_is_written_from_its_template_and_goes_to_a_masked_recipient(string channel, string recipient)
    {
        var taken = await _fleet["notification"].PostAsync("/notifications", Confirmed.Replace("Sms", channel, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Accepted, taken.Status);
        Assert.Equal("Your order o-1 for ₹578.00 is confirmed.", taken["text"]);

        await StopAsync();

        var line = Assert.Single(_fleet["notification"].Logged("notification-done"));
        Assert.Equal(("Sent", recipient), (line.GetProperty("status").GetString(), line.GetProperty("recipient").GetString()));
    }

    [Fact]
    public async Task A_stop_sends_what_waits()
    {
        for (var i = 0; i < 20; i++)
        {
            await _fleet["notification"].PostAsync("/notifications", Confirmed);
        }

        await StopAsync();

        Assert.Equal(20, _fleet["notification"].Logged("notification-done").Count);
    }

    [Theory]
    [InlineData("u-404", false)]
    [InlineData("u-1001", true)]
    public async Task A_message_whose_recipient_is_not_found_out_has_failed(string user, bool unplugged)
    {
        if (unplugged)
        {
            _fleet.Unplug("user");
        }

        await _fleet["notification"].PostAsync("/notifications", Confirmed.Replace("u-1001", user, StringComparison.Ordinal));
        await StopAsync();

        Assert.Equal("Failed", Assert.Single(_fleet["notification"].Logged("notification-done")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("\"Sms\"", "\"Pigeon\"", "channel")]
    [InlineData("\"OrderConfirmed\"", "\"Greeting\"", "template")]
    [InlineData("amountInr", "price", "parameters.amountInr")]
    [InlineData("u-1001", "u 1001", "userId")]
    [InlineData("{\"orderId\":\"o-1\",\"amountInr\":\"578.00\"}", "null", "parameters")]
    public async Task A_message_that_can_not_be_written_is_refused(string sound, string wrong, string field)
    {
        var answer = await _fleet["notification"].PostAsync("/notifications", Confirmed.Replace(sound, wrong, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
    }

    private Task StopAsync() => _fleet["notification"].App.StopAsync(TestContext.Current.CancellationToken);
}
