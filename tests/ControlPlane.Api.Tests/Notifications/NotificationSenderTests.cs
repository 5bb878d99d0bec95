using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Api.Hosting;
using ControlPlane.Api.Notifications;
using ControlPlane.Api.Notifications.Channels;
using ControlPlane.Api.Tests.Rollouts;
using ControlPlane.Api.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Notifications;

public sealed class NotificationSenderTests : IDisposable
{
    private const string Key = "0123456789abcdef-a-key-of-the-receiver";

    private readonly string _directory = Directory.CreateTempSubdirectory("dabbawala-notify-").FullName;
    private readonly TestStore _store = new();
    private readonly FakeTimeProvider _time = new(Rollout.Now);
    private readonly UnheardMeters _meters = new();
    private readonly WebhookClient _http = new();
    private readonly NotificationOutbox _outbox;
    private readonly NotificationSender _sender;

    public NotificationSenderTests()
    {
        _outbox = new(_store, _time);
        _sender = new(
            _outbox,
            new ControlPlaneOptions { Access = new() { PublicUrl = new("https://fleet.example/") } },
            [new SlackWebhook(_http), new SignedWebhook(_http, _time), new SmtpMail()],
            new NotificationMetrics(_meters),
            NullLogger<NotificationSender>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _meters.Dispose();
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_signed_webhook_can_be_checked_by_who_has_the_key()
    {
        await using var listener = await WebhookListener.StartAsync();
        var delivery = await SendAsync(Hook(listener.Address));

        var (headers, body) = Assert.Single(listener.Got);
        var signed = (byte[])[.. Encoding.ASCII.GetBytes(headers["X-Dabbawala-Timestamp"]), (byte)'.', .. body];
        Assert.Equal($"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), signed))}", headers["X-Dabbawala-Signature"]);
        Assert.Equal(Rollout.Now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), headers["X-Dabbawala-Timestamp"]);
        var json = JsonNode.Parse(body)!;
        Assert.Equal(("RolledBack", "shop", "https://fleet.example/rollouts/shop/order"), ((string)json["event"]!, (string)json["namespace"]!, (string)json["link"]!));
        Assert.Equal((headers["X-Dabbawala-Delivery"], DeliveryState.Sent), ((string)json["id"]!, delivery.State));
    }

    [Fact]
    public async Task Slack_is_told_in_its_own_words_with_nothing_in_them_that_means_something_else()
    {
        await using var listener = await WebhookListener.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_directory, "url"), $"{listener.Address}services/secret\n", Cancel);
        await SendAsync(new() { Name = "slack", Type = NotificationChannelType.Slack, UrlFile = Path.Combine(_directory, "url") });

        Assert.Equal(
            "*<https://fleet.example/rollouts/shop/order|shop/order: a new version was rolled back>*\n2 % of requests failed &amp; &lt;more&gt;\nRevision `r2`",
            (string)JsonNode.Parse(Assert.Single(listener.Got).Body)!["text"]!);
    }

    [Fact]
    public async Task Mail_is_sent_with_an_id_that_stays_the_same()
    {
        await using var server = new SmtpListener();
        var delivery = await SendAsync(Mail(server.Port));

        Assert.Equal(DeliveryState.Sent, delivery.State);
        Assert.Contains("RCPT TO:<team@example.com>", server.Lines);
        Assert.Contains($"Message-ID: <{delivery.Id:N}@dabbawala.invalid>", server.Lines);
        Assert.Contains("Subject: shop/order: a new version was rolled back", server.Lines);
    }

    [Fact]
    public async Task What_a_target_does_not_take_is_due_again_and_says_why_without_its_address()
    {
        await using var listener = await WebhookListener.StartAsync();
        listener.Status = 302; // what is elsewhere is not what was configured

        var refused = await SendAsync(Hook(listener.Address));
        Assert.Equal((DeliveryState.Due, 1, "it answered with status 302"), (refused.State, refused.Attempts, refused.Problem));

        listener.Status = 200;
        _time.Advance(NotificationOutbox.PauseAfter(1));
        Assert.Equal(1, await _sender.SendDueAsync(Hook(listener.Address), Cancel));
        Assert.Equal(listener.Got.First().Headers["X-Dabbawala-Delivery"], listener.Got.Last().Headers["X-Dabbawala-Delivery"]);
    }

    [Fact]
    public async Task A_mail_server_that_refuses_a_recipient_is_not_quoted()
    {
        await using var server = new SmtpListener { Answer = "550 team@example.com is unknown here" };

        var refused = await SendAsync(Mail(server.Port));

        Assert.Equal((DeliveryState.Due, false), (refused.State, refused.Problem!.Contains("team@", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_secret_that_is_missing_or_too_short_is_named_by_its_file()
    {
        var target = Hook(new("http://127.0.0.1:1"));

        Assert.Equal($"the file {_directory}/none can't be read", (await SendAsync(target with { SecretFile = Path.Combine(_directory, "none") })).Problem);
        await File.WriteAllTextAsync(Path.Combine(_directory, "short"), "abc", Cancel);
        Assert.Equal($"the key in {_directory}/short is shorter than 16 bytes", (await SendAsync(target with { Name = "other", SecretFile = Path.Combine(_directory, "short") })).Problem);
    }

    [Fact]
    public async Task A_target_that_can_not_be_reached_stops_no_other()
    {
        await using var listener = await WebhookListener.StartAsync();

        var unreached = await SendAsync(Hook(new("http://127.0.0.1:1")) with { Name = "down" });
        var reached = await SendAsync(Hook(listener.Address));

        Assert.Equal(("it can't be reached (ConnectionError)", DeliveryState.Sent), (unreached.Problem, reached.State));
    }

    private NotificationTarget Hook(Uri address)
    {
        var file = Path.Combine(_directory, "key");
        File.WriteAllText(file, $"{Key}\n");
        return new() { Name = "hook", Type = NotificationChannelType.Webhook, Url = address, SecretFile = file };
    }

    private static NotificationTarget Mail(int port) => new()
    {
        Name = "mail",
        Type = NotificationChannelType.Email,
        Smtp = new("127.0.0.1", port, Tls: false, "fleet@example.com", ["team@example.com"], User: null, PasswordFile: null),
    };

    /// <summary>Puts a notification in, has it sent, and tells what became of it.</summary>
    private async Task<NotificationDelivery> SendAsync(NotificationTarget target)
    {
        await _outbox.PutAsync(Told.Of(), target, default, Cancel);
        Assert.Equal(1, await _sender.SendDueAsync(target, Cancel));
        await using var context = _store.CreateDbContext();
        return context.Set<NotificationDelivery>().Single(delivery => delivery.Target == target.Name);
    }
}
