using Fleet.Hosting.Idempotency;
using Fleet.Hosting.Input;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Fleet.Tests.Hosting;

public sealed class IdempotencyKeysTests
{
    private readonly IdempotencyKeys _keys = new(Options.Create(new JsonOptions()), new IdempotentAttempts());
    private readonly TaskCompletionSource<object?> _firstAnswer = new();

    [Fact]
    public async Task A_repeat_waits_for_the_first_that_still_runs()
    {
        var first = _keys.InvokeAsync(Call(), _ => new(_firstAnswer.Task)).AsTask();
        var repeat = _keys.InvokeAsync(Call(), _ => throw new InvalidOperationException("The repeat must not run.")).AsTask();
        Assert.False(repeat.IsCompleted);

        _firstAnswer.SetResult(TypedResults.Ok("done"));

        Assert.Same(await first, await repeat);
    }

    [Fact]
    public async Task A_repeat_runs_the_request_when_the_first_came_to_nothing()
    {
        var first = _keys.InvokeAsync(Call(), _ => new(_firstAnswer.Task)).AsTask();
        var repeat = _keys.InvokeAsync(Call(), _ => new(TypedResults.Ok("from the repeat"))).AsTask();

        _firstAnswer.SetException(new OperationCanceledException("The first client went away."));

        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        Assert.Equal("from the repeat", Assert.IsType<Ok<string>>(await repeat).Value);
    }

    private static EndpointFilterInvocationContext Call()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[IdempotencyKeys.Header] = "k-1";
        return EndpointFilterInvocationContext.Create<IInput>(http, new Thing("a"));
    }

    private sealed record Thing(string Name) : IInput;
}
