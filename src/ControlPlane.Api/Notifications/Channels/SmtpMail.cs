using System.Net;
using System.Net.Mail;
using System.Text;

namespace ControlPlane.Api.Notifications.Channels;

/// <summary>E-mail by SMTP, encrypted by STARTTLS unless the target says otherwise (docs/adr/0035).</summary>
internal sealed class SmtpMail : INotificationChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public NotificationChannelType Type => NotificationChannelType.Email;

    public async Task SendAsync(NotificationTarget target, NotificationDelivery delivery, Uri? link, CancellationToken cancellationToken)
    {
        var server = target.Smtp!;
        using var mail = Write(server, delivery, link);
        using var client = new SmtpClient(server.Host, server.Port) { EnableSsl = server.Tls, DeliveryMethod = SmtpDeliveryMethod.Network };
        if (server is { User: { } user, PasswordFile: { } file })
        {
            client.Credentials = new NetworkCredential(user, await DeliveryException.ReadSecretAsync(file, cancellationToken));
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await client.SendMailAsync(mail, patience.Token);
        }
        catch (SmtpException e)
        {
            throw new DeliveryException($"the mail server did not take it ({e.StatusCode})", e); // its own words may hold addresses
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DeliveryException($"the mail server did not take it within {Patience.TotalSeconds:0} s", e);
        }
    }

    private static MailMessage Write(SmtpServer server, NotificationDelivery delivery, Uri? link)
    {
        var notification = delivery.Notification;
        var mail = new MailMessage
        {
            From = new MailAddress(server.From),
            Subject = notification.Title,
            SubjectEncoding = Encoding.UTF8,
            BodyEncoding = Encoding.UTF8,
            Body = $"{notification.Title}\n\n{notification.Message}\n\nRevision {notification.Revision}, {notification.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n{link}\n",
        };
        foreach (var recipient in server.To)
        {
            mail.To.Add(recipient);
        }

        mail.Headers.Add("Message-ID", $"<{delivery.Id:N}@dabbawala.invalid>"); // the same each time that it is tried: mailboxes fold what they get twice
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: nobody's holiday answers it
        return mail;
    }
}
