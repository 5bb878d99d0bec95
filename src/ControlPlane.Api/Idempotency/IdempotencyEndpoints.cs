using System.Globalization;
using System.Net;
using ControlPlane.Api.Access;
using ControlPlane.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace ControlPlane.Api.Idempotency;

/// <summary>
/// Makes retries safe: a change that comes again under the same Idempotency-Key gets the answer of the first time, and is not made again. An answer
/// that says <c>Cache-Control: no-store</c> holds a secret, and is not kept: its retry is told that it was done.
/// </summary>
public static class IdempotencyEndpoints
{
    /// <summary>Longest answer that is kept, in bytes.</summary>
    private const int LongestAnswer = 1024 * 1024;

    private static readonly HashSet<string> Changing = new([HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete], StringComparer.OrdinalIgnoreCase);

    /// <summary>Has every route of a group heed Idempotency-Key. Around the whole endpoint: a filter would come when the body is read already.</summary>
    public static RouteGroupBuilder HeedsIdempotencyKeys(this RouteGroupBuilder api)
    {
        ArgumentNullException.ThrowIfNull(api);
        ((IEndpointConventionBuilder)api).Add(static endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner)
            {
                endpoint.RequestDelegate = context => HandleAsync(context, inner);
            }
        });
        return api;
    }

    private static async Task HandleAsync(HttpContext context, RequestDelegate inner)
    {
        var caller = context.RequestServices.GetRequiredService<CallerContext>().Current;
        if (!Changing.Contains(context.Request.Method) || caller.Kind == CallerKind.Anonymous || IdempotencyKey.Of(context.Request) is not { } key)
        {
            await inner(context);
            return;
        }

        var answers = context.RequestServices.GetRequiredService<IdempotentAnswers>();
        var hash = await IdempotencyKey.HashAsync(context.Request, context.RequestAborted);
        if (await answers.TakeAsync(caller.Id, key, hash, context.RequestAborted) is { } before)
        {
            await RepeatAsync(context, before, hash);
            return;
        }

        await AnswerAsync(context, inner, answers, caller.Id, key);
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate inner, IdempotentAnswers answers, string callerId, string key)
    {
        var original = context.Features.Get<IHttpResponseBodyFeature>()!;
        using var body = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        try
        {
            await inner(context);
            await context.Response.CompleteAsync();
        }
        catch
        {
            await answers.ForgetAsync(callerId, key, CancellationToken.None);
            throw;
        }
        finally
        {
            context.Features.Set(original);
        }

        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError || context.Response.StatusCode == StatusCodes.Status429TooManyRequests)
        {
            await answers.ForgetAsync(callerId, key, CancellationToken.None);
        }
        else
        {
            await answers.KeepAsync(callerId, key, request => Fill(request, context.Response, body), CancellationToken.None);
        }

        body.Position = 0;
        await body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static void Fill(IdempotentRequest request, HttpResponse response, MemoryStream body)
    {
        var isSecret = response.Headers.CacheControl.ToString().Contains("no-store", StringComparison.OrdinalIgnoreCase);
        request.Status = response.StatusCode;
        request.ContentType = response.ContentType;
        request.ETag = response.Headers.ETag;
        request.Location = response.Headers.Location;
        request.Body = isSecret || body.Length > LongestAnswer ? null : body.ToArray();
    }

    private static async Task RepeatAsync(HttpContext context, IdempotentRequest before, string hash)
    {
        var response = context.Response;
        if (before.RequestHash != hash)
        {
            await RefuseAsync(context, HttpStatusCode.UnprocessableEntity, "another request came under this key: a new request takes a new key");
            return;
        }

        if (before.Status is not { } status)
        {
            response.Headers.RetryAfter = "1";
            await RefuseAsync(context, HttpStatusCode.Conflict, "the request of this key is still being answered: ask again in a moment");
            return;
        }

        if (before.Body is not { } body)
        {
            await RefuseAsync(context, HttpStatusCode.Conflict, "the request of this key was answered, and its answer can't be given twice: look at what is there now");
            return;
        }

        response.StatusCode = status;
        response.ContentType = before.ContentType;
        response.ContentLength = body.Length;
        Put(response, HeaderNames.ETag, before.ETag);
        Put(response, HeaderNames.Location, before.Location);
        Put(response, "Idempotent-Replayed", "true");
        Put(response, HeaderNames.Date, before.At.ToString("R", CultureInfo.InvariantCulture));
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Not thrown: the exception handler would take Retry-After from the answer.</summary>
    private static Task RefuseAsync(HttpContext context, HttpStatusCode status, string message) => ProblemMapping.WriteAsync(
        context, new(status, message, Detail: null, new Dictionary<string, object?> { ["field"] = IdempotencyKey.Header })).AsTask();

    private static void Put(HttpResponse response, string name, string? value)
    {
        if (value is not null)
        {
            response.Headers[name] = value;
        }
    }
}
