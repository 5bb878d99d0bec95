using Fleet.Hosting.Events;
using Fleet.Hosting.Problems;
using Fleet.PersonalData;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Users;

/// <summary>The API of the user service.</summary>
internal static partial class UserEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/users").WithTags("Users");
        users.MapPost("", Register).WithName("registerUser").ProducesValidationProblem()
            .ProducesValidationProblem(StatusCodes.Status409Conflict);
        users.MapGet("/{id}", Get).WithName("getUser").ProducesProblem(StatusCodes.Status404NotFound);
        users.MapGet("/{id}/contact", GetContact).WithName("getContact").ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Makes an account.</summary>
    internal static Results<Created<UserReply>, ProblemHttpResult> Register(
        RegisterUser input, UserDirectory directory, EventPublisher events, UserMetrics metrics, TimeProvider time, ILogger<UserService> logger)
    {
        var now = time.GetUtcNow();
        var user = new User
        {
            Id = $"u-{Guid.CreateVersion7(now):N}",
            Name = input.Name,
            Mobile = Mobile.Parse(input.Mobile),
            Email = new Email(input.Email),
            Address = new PostalAddress(input.Address.Line, input.Address.City, input.Address.PinCode, input.Address.Location),
            RegisteredAt = now,
        };
        if (!directory.TryAdd(user))
        {
            return Problem.Conflict("mobile", "This mobile number has an account.");
        }

        metrics.Registered();
        LogRegistered(logger, user.Id, user.Mobile);
        events.Publish("user-events", "USER_REGISTERED", user.Id);
        return TypedResults.Created($"/users/{user.Id}", Reply(user));
    }

    /// <summary>A customer, with masked contact data.</summary>
    internal static Results<Ok<UserReply>, ProblemHttpResult> Get(string id, UserDirectory directory) =>
        directory.TryGet(id, out var user) ? TypedResults.Ok(Reply(user)) : Problem.NotFound("user", id);

    /// <summary>How to reach a customer, in the clear.</summary>
    internal static Results<Ok<ContactReply>, ProblemHttpResult> GetContact(string id, UserDirectory directory) =>
        directory.TryGet(id, out var user)
            ? TypedResults.Ok(new ContactReply(user.Name, user.Mobile.E164, user.Email.Address))
            : Problem.NotFound("user", id);

    private static UserReply Reply(User user) => new(
        user.Id, user.Name, user.Mobile.ToString(), user.Email.ToString(), user.Address.City, user.Address.Location, user.RegisteredAt);

    [LoggerMessage(EventName = "user-registered", Level = LogLevel.Information, Message = "{UserId} registered with {Mobile}")]
    private static partial void LogRegistered(ILogger logger, string userId, Mobile mobile);
}
