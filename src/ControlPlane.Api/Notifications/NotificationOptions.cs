using System.Net.Mail;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Api.Notifications;

/// <summary>Who hears of rollouts. Configuration data: section <c>Notifications</c> (docs/operations/notifications.md).</summary>
public sealed record NotificationOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Notifications";

    /// <summary>Where notifications go; empty for nowhere.</summary>
    public IReadOnlyList<NotificationTarget> Targets { get; init; } = [];

    /// <summary>Reads it. Files that hold secrets need not be there yet: they are read when something is sent.</summary>
    /// <exception cref="InvalidOperationException">A value is missing or can't be what it is; the message names it.</exception>
    public static NotificationOptions Read(IConfiguration? configuration)
    {
        if (configuration?.GetSection(Section) is not { } section || !section.Exists())
        {
            return new();
        }

        List<NotificationTarget> targets = [.. section.GetSection(nameof(Targets)).GetChildren().Select(ReadTarget)];
        return targets.CountBy(static target => target.Name, StringComparer.Ordinal).FirstOrDefault(static entry => entry.Value > 1) is { Key: { } twice }
            ? throw new InvalidOperationException($"{section.Path}:{nameof(Targets)}: two of them have the name '{twice}'")
            : new() { Targets = targets };
    }

    private static NotificationTarget ReadTarget(IConfigurationSection section)
    {
        var type = Word<NotificationChannelType>(section, nameof(NotificationTarget.Type), section[nameof(NotificationTarget.Type)]);
        var target = new NotificationTarget
        {
            Name = Needed(section, nameof(NotificationTarget.Name)) is { Length: <= 64 } name ? name : throw Unfit(section, nameof(NotificationTarget.Name), "has at most 64 characters"),
            Type = type,
            Events = [.. Values(section, nameof(NotificationTarget.Events)).Select(value => Word<NotificationEvent>(section, nameof(NotificationTarget.Events), value))],
            Namespaces = [.. Values(section, nameof(NotificationTarget.Namespaces))],
        };
        return type switch
        {
            NotificationChannelType.Email => target with { Smtp = ReadSmtp(section.GetSection(nameof(NotificationTarget.Smtp))) },
            NotificationChannelType.Webhook => WithAddress(section, target) with { SecretFile = Needed(section, nameof(NotificationTarget.SecretFile)) },
            _ => WithAddress(section, target),
        };
    }

    private static NotificationTarget WithAddress(IConfigurationSection section, NotificationTarget target) => section[nameof(NotificationTarget.UrlFile)] is { Length: > 0 } file
        ? target with { UrlFile = file }
        : target with { Url = Address(section, nameof(NotificationTarget.Url)) };

    private static SmtpServer ReadSmtp(IConfigurationSection section)
    {
        List<string> to = [.. Values(section, nameof(SmtpServer.To))];
        var bad = to.Append(Needed(section, nameof(SmtpServer.From))).FirstOrDefault(static address => !MailAddress.TryCreate(address, out _));
        if (to.Count == 0 || bad is not null)
        {
            throw Unfit(section, bad is null || to.Contains(bad) ? nameof(SmtpServer.To) : nameof(SmtpServer.From), "must be e-mail addresses");
        }

        var (user, password) = (section[nameof(SmtpServer.User)], section[nameof(SmtpServer.PasswordFile)]);
        return user is null != password is null
            ? throw Unfit(section, nameof(SmtpServer.PasswordFile), "and User are given both or not at all")
            : new(
                Needed(section, nameof(SmtpServer.Host)),
                section[nameof(SmtpServer.Port)] is not { } port ? 587 : int.TryParse(port, out var number) && number is > 0 and < 65536 ? number : throw Unfit(section, nameof(SmtpServer.Port), "must be a port"),
                section[nameof(SmtpServer.Tls)] is not { } tls || (bool.TryParse(tls, out var value) ? value : throw Unfit(section, nameof(SmtpServer.Tls), "must be true or false")),
                section[nameof(SmtpServer.From)]!,
                to,
                user,
                password);
    }

    private static IEnumerable<string> Values(IConfigurationSection section, string name) => section.GetSection(name).GetChildren().Select(static child => child.Value).OfType<string>();

    private static string Needed(IConfigurationSection section, string name) => section[name] is { Length: > 0 } value ? value : throw Unfit(section, name, "is missing");

    private static Uri Address(IConfigurationSection section, string name) =>
        Uri.TryCreate(section[name], UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address
            : throw Unfit(section, name, "must be an http address");

    private static T Word<T>(IConfigurationSection section, string name, string? value)
        where T : struct, Enum => Enum.TryParse<T>(value, ignoreCase: true, out var word) && Enum.IsDefined(word) ? word : throw Unfit(section, name, $"is '{value}', and must be of {string.Join(", ", Enum.GetNames<T>())}");

    private static InvalidOperationException Unfit(IConfigurationSection section, string name, string what) => new($"{section.Path}:{name} {what}");
}
