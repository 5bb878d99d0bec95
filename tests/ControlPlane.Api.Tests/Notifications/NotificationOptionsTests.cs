using ControlPlane.Api.Notifications;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Api.Tests.Notifications;

public sealed class NotificationOptionsTests
{
    private const string First = "Notifications:Targets:0:";

    [Fact]
    public void Without_a_section_nobody_is_told() => Assert.Empty(NotificationOptions.Read(new ConfigurationBuilder().Build()).Targets);

    [Fact]
    public void A_target_of_each_type_is_read()
    {
        var options = Read(
            ($"{First}Name", "on-call"), ($"{First}Type", "slack"), ($"{First}UrlFile", "/secrets/slack"), ($"{First}Events:0", "RolledBack"), ($"{First}Namespaces:0", "shop"),
            ("Notifications:Targets:1:Name", "hook"), ("Notifications:Targets:1:Type", "Webhook"), ("Notifications:Targets:1:Url", "https://hooks.example/x"), ("Notifications:Targets:1:SecretFile", "/secrets/key"),
            ("Notifications:Targets:2:Name", "mail"), ("Notifications:Targets:2:Type", "Email"), ("Notifications:Targets:2:Smtp:Host", "mail.example"),
            ("Notifications:Targets:2:Smtp:From", "fleet@example.com"), ("Notifications:Targets:2:Smtp:To:0", "team@example.com"));

        Assert.Equal(["on-call Slack", "hook Webhook", "mail Email"], options.Targets.Select(static target => $"{target.Name} {target.Type}"));
        Assert.Equal([NotificationEvent.RolledBack], options.Targets[0].Events);
        Assert.Equal((587, true), (options.Targets[2].Smtp!.Port, options.Targets[2].Smtp!.Tls));
    }

    [Theory]
    [InlineData("Name", "")]
    [InlineData("Type", "pigeon")]
    [InlineData("Url", "ftp://hooks.example")]
    [InlineData("SecretFile", "")]
    [InlineData("Events:0", "Bored")]
    public void What_can_not_be_is_refused_by_its_name(string field, string value)
    {
        var settings = new Dictionary<string, string> { ["Name"] = "hook", ["Type"] = "Webhook", ["Url"] = "https://hooks.example/x", ["SecretFile"] = "/secrets/key", [field] = value };

        var refused = Assert.Throws<InvalidOperationException>(() => Read([.. settings.Select(static setting => ($"{First}{setting.Key}", setting.Value))]));

        Assert.StartsWith($"{First}{field.Split(':')[0]} ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "")]
    [InlineData("Port", "0")]
    [InlineData("Tls", "maybe")]
    [InlineData("From", "nobody")]
    [InlineData("To:0", "nobody")]
    [InlineData("User", "asha")]
    public void A_mail_server_that_can_not_be_is_refused_by_its_name(string field, string value)
    {
        var settings = new Dictionary<string, string> { ["Host"] = "mail.example", ["From"] = "fleet@example.com", ["To:0"] = "team@example.com", [field] = value };

        var refused = Assert.Throws<InvalidOperationException>(() => Read(
            [($"{First}Name", "mail"), ($"{First}Type", "Email"), .. settings.Select(static setting => ($"{First}Smtp:{setting.Key}", setting.Value))]));

        Assert.StartsWith($"{First}Smtp:{(field == "User" ? "PasswordFile" : field.Split(':')[0])} ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_of_one_name_are_refused() => Assert.Throws<InvalidOperationException>(() => Read(
        ($"{First}Name", "one"), ($"{First}Type", "Slack"), ($"{First}Url", "https://a.example"),
        ("Notifications:Targets:1:Name", "one"), ("Notifications:Targets:1:Type", "Slack"), ("Notifications:Targets:1:Url", "https://b.example")));

    private static NotificationOptions Read(params (string Key, string Value)[] settings) =>
        NotificationOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
}
