using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Notifications;

/// <summary>The API of the notification service.</summary>
internal static class NotificationEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var notifications = routes.MapGroup("/notifications").WithTags("Notifications");
        notifications.MapPost("", Send).WithName("sendNotification").RequireIdempotencyKey(routes).ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        notifications.MapGet("/{id}", Get).WithName("getNotification").ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Takes a message; it goes out soon.</summary>
    internal static Results<Accepted<Notification>, ProblemHttpResult> Send(SendNotification input, Outbox outbox, TimeProvider time)
    {
        var template = Template.Of(input.Template!.Value);
        if (template.Placeholders.FirstOrDefault(p => !input.Parameters.ContainsKey(p)) is { } missing)
        {
            return Problem.Invalid($"parameters.{missing}", $"The template {input.Template} needs the parameter {missing}.");
        }

        var notification = new Notification(
            $"n-{Guid.CreateVersion7(time.GetUtcNow()):N}",
            input.UserId,
            input.Channel!.Value,
            NotificationStatus.Queued,
            template.Render(input.Parameters),
            Recipient: null);
        return outbox.TryEnqueue(notification)
            ? TypedResults.Accepted($"/notifications/{notification.Id}", notification)
            : Problem.Unavailable($"{Outbox.Capacity} messages wait already; try again later.");
    }

    /// <summary>One message.</summary>
    internal static Results<Ok<Notification>, ProblemHttpResult> Get(string id, Outbox outbox) =>
        outbox.TryGet(id, out var notification) ? TypedResults.Ok(notification) : Problem.NotFound("notification", id);
}
