using ControlPlane.Api.Notifications.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Api.Notifications;

/// <summary>Puts notifications together. They go out from where operators run: a console at somebody's desk tells nobody anything.</summary>
internal static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .AddSingleton(static provider => NotificationOptions.Read(provider.GetService<IConfiguration>()))
        .AddSingleton<NotificationOutbox>()
        .AddSingleton<NotificationMetrics>()
        .AddSingleton<WebhookClient>()
        .AddSingleton<INotificationChannel, SlackWebhook>()
        .AddSingleton<INotificationChannel, SignedWebhook>()
        .AddSingleton<INotificationChannel, SmtpMail>()
        .AddSingleton<NotificationSender>()
        .AddSingleton<NotificationService>()
        .AddHostedService(static provider => provider.GetRequiredService<NotificationService>());
}
