using Fleet.Hosting.Calls;
using Fleet.Hosting.Events;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Kyc;

/// <summary>The API of the kyc service.</summary>
internal static partial class KycEndpoints
{
    public static readonly Dependency Users = new("user", Timeout: TimeSpan.FromSeconds(10));

    public static void Map(IEndpointRouteBuilder routes)
    {
        var kyc = routes.MapGroup("/kyc/{userId}").WithTags("Kyc");
        kyc.MapGet("", Status).WithName("getKyc");
        kyc.MapPut("/proofs/{kind}", Submit).WithName("submitProof").ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);
    }

    /// <summary>How well a customer is known; a customer without proofs is not known at all.</summary>
    internal static Ok<KycReply> Status(string userId, KycRegister register) => TypedResults.Ok(register.Status(userId));

    /// <summary>Reads a proof. Only its masked form is kept.</summary>
    internal static async Task<Results<Ok<KycReply>, ProblemHttpResult>> Submit(
        string userId,
        ProofKind kind,
        SubmitProof input,
        DependencyCalls calls,
        KycRegister register,
        EventPublisher events,
        KycMetrics metrics,
        ILogger<KycService> logger,
        CancellationToken cancellationToken)
    {
        var masked = ProofReader.Mask(kind, input.Value);
        metrics.Read(kind, accepted: masked is not null);
        if (masked is null)
        {
            return Problem.Invalid("value", ProofReader.Expected(kind));
        }

        var user = await calls.GetAsync<Customer>(Users, $"/users/{Uri.EscapeDataString(userId)}", cancellationToken, user: userId);
        if (user.Value is null)
        {
            return Problem.NotFound("user", userId);
        }

        var before = register.Status(userId).Level;
        var reply = register.Enter(userId, kind, masked);
        if (reply.Level != before)
        {
            events.Publish("kyc-events", "KYC_LEVEL_CHANGED", userId, ("level", reply.Level.ToString()));
        }

        LogAccepted(logger, user.Value.Id, kind, masked, reply.Level);
        return TypedResults.Ok(reply);
    }

    [LoggerMessage(EventName = "proof-accepted", Level = LogLevel.Information, Message = "{Kind} of {UserId} was accepted")]
    private static partial void LogAccepted(ILogger logger, string userId, ProofKind kind, string masked, KycLevel kycLevel);
}
