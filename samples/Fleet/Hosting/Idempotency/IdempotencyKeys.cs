using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Hosting.Input;
using Fleet.Hosting.Problems;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Fleet.Hosting.Idempotency;

/// <summary>
/// Makes an endpoint safe to retry (draft-ietf-httpapi-idempotency-key-header): a repeated key gets the answer of the first request, and a
/// repeat that comes in while the first is still running waits for it. Only success is remembered, so that a refused request can be tried
/// again.
/// </summary>
internal sealed class IdempotencyKeys(IOptions<JsonOptions> json, IdempotentAttempts attempts) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";

    /// <summary>Header of an answer that was given before.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    public const int MaxKeyLength = 100;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var key = http.Request.Headers[Header].ToString();
        if (key.Length is 0 or > MaxKeyLength)
        {
            return Problem.Invalid(Header, $"The header must hold 1 to {MaxKeyLength} characters that are new for every new request.");
        }

        // Two endpoints may be given the same key: an order's id, for its payment and its refund.
        var scope = http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
        var scoped = $"{scope}/{key}";
        var mine = new IdempotentAttempt(Fingerprint(context));
        while (true)
        {
            var first = attempts.First(scoped, mine);
            if (ReferenceEquals(first, mine))
            {
                return await RunAsync(scoped, mine, context, next);
            }

            if (first.Fingerprint != mine.Fingerprint)
            {
                return Problem.Unprocessable(Header, "The key came with another request before.");
            }

            if (await first.Answer.Task.WaitAsync(http.RequestAborted) is { } answer)
            {
                http.Response.Headers[ReplayedHeader] = "true";
                return answer;
            }
        }
    }

    private async ValueTask<object?> RunAsync(
        string key, IdempotentAttempt attempt, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        object? remembered = null;
        try
        {
            var answer = await next(context);
            remembered = Succeeded(answer) ? answer : null;
            return answer;
        }
        finally
        {
            if (remembered is null)
            {
                // Forgotten before the waiting repeats go on, so that one of them runs the request anew.
                attempts.Forget(key);
            }

            attempt.Answer.SetResult(remembered);
        }
    }

    /// <summary>A digest, because a body of any size would be kept otherwise.</summary>
    private string Fingerprint(EndpointFilterInvocationContext context)
    {
        var options = json.Value.SerializerOptions;
        var bodies = context.Arguments.OfType<IInput>().Select(i => JsonSerializer.Serialize(i, options.GetTypeInfo(i.GetType())));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', bodies))));
    }

    private static bool Succeeded(object? answer) => answer switch
    {
        INestedHttpResult nested => Succeeded(nested.Result),
        IStatusCodeHttpResult { StatusCode: { } status } => status < StatusCodes.Status400BadRequest,
        _ => false,
    };
}
