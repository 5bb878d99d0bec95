using System.Net;
using System.Text;
using ControlPlane.Api.Access;
using ControlPlane.Api.Idempotency;
using ControlPlane.Api.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Api.Tests.Idempotency;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private readonly TestStore _store = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 6, 30, 0, TimeSpan.Zero));
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;
    private int _calls;
    private WebApplication? _app;
    private HttpClient? _http;

    public ValueTask InitializeAsync() => StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await _app!.DisposeAsync();
        _store.Dispose();
    }

    [Fact]
    public async Task A_retry_gets_the_answer_of_the_first_time_and_changes_nothing()
    {
        _answer = async context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = "/things/1";
            context.Response.Headers.ETag = "\"v1\"";
            await context.Response.WriteAsJsonAsync(new { made = _calls });
        };

        var first = await SendAsync("key-1", "{}");
        var second = await SendAsync("key-1", "{}");

        Assert.Equal(1, _calls);
        Assert.Equal((HttpStatusCode.Created, first.Text), (second.Status, second.Text));
        Assert.Equal(("\"v1\"", "application/json"), (second.ETag, second.MediaType));
    }

    [Fact]
    public async Task It_is_the_same_after_a_restart()
    {
        _answer = context => context.Response.WriteAsync($"{_calls}");
        await SendAsync("key-1", "{}");
        await _app!.DisposeAsync();
        await StartAsync();

        Assert.Equal("1", (await SendAsync("key-1", "{}")).Text);
    }

    [Theory]
    [InlineData("{\"other\":1}", "/things", null)]
    [InlineData("{}", "/things?x=1", null)]
    [InlineData("{}", "/things", "\"v2\"")]
    public async Task Another_request_under_the_same_key_is_refused(string body, string path, string? ifMatch)
    {
        await SendAsync("key-1", "{}");

        var problem = (await SendAsync("key-1", body, path, ifMatch: ifMatch)).Problem(HttpStatusCode.UnprocessableEntity);

        Assert.Equal("Idempotency-Key", (string)problem["field"]!);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Keys_of_others_are_other_keys()
    {
        await SendAsync("key-1", "{}");
        await SendAsync("key-1", "{}", caller: "somebody-else");

        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task A_retry_while_the_first_is_in_flight_is_told_to_come_back()
    {
        var (entered, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _answer = context =>
        {
            entered.SetResult();
            return goOn.Task;
        };
        var first = SendAsync("key-1", "{}");
        await entered.Task;

        using var second = await _http!.SendAsync(Request("key-1", "{}"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Conflict, "1"), (second.StatusCode, second.Headers.GetValues("Retry-After").Single()));

        goOn.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("key-1", "{}")).Status);
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task A_request_that_failed_can_be_tried_again_under_its_key()
    {
        _answer = _ => throw new InvalidOperationException("a defect");
        Assert.Equal(HttpStatusCode.InternalServerError, (await SendAsync("key-1", "{}")).Status);
        _answer = context => context.Response.WriteAsync("done");

        Assert.Equal("done", (await SendAsync("key-1", "{}")).Text);
    }

    [Fact]
    public async Task An_answer_with_a_secret_is_not_kept()
    {
        _answer = context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsync("the-token");
        };
        Assert.Equal("the-token", (await SendAsync("key-1", "{}")).Text);

        var again = await SendAsync("key-1", "{}");

        Assert.Equal((HttpStatusCode.Conflict, 1), (again.Status, _calls));
        await using var context = _store.CreateDbContext();
        Assert.All(context.Set<IdempotentRequest>(), request => Assert.Null(request.Body));
    }

    [Fact]
    public async Task Keys_are_forgotten_after_a_day_and_those_of_a_dead_process_after_minutes()
    {
        await SendAsync("key-1", "{}");
        _time.Advance(IdempotentAnswers.Kept - TimeSpan.FromMinutes(1));
        await SendAsync("key-1", "{}");
        Assert.Equal(1, _calls);

        _time.Advance(TimeSpan.FromMinutes(2));
        await SendAsync("key-1", "{}");
        Assert.Equal(2, _calls);

        var answers = new IdempotentAnswers(_store, _time);
        Assert.Null(await answers.TakeAsync("dead", "key-2", "hash", TestContext.Current.CancellationToken));
        Assert.NotNull(await answers.TakeAsync("dead", "key-2", "hash", TestContext.Current.CancellationToken));
        _time.Advance(IdempotentAnswers.Held + TimeSpan.FromSeconds(1));
        Assert.Null(await answers.TakeAsync("dead", "key-2", "hash", TestContext.Current.CancellationToken));

        _time.Advance(IdempotentAnswers.Kept + TimeSpan.FromSeconds(1));
        Assert.Equal(2, await answers.DeleteOldAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("with blank")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_key_must_be_one(string key) => Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(key, "{}")).Status);

    [Fact]
    public async Task Without_a_key_every_request_counts()
    {
        await SendAsync(key: null, "{}");
        await SendAsync(key: null, "{}");

        Assert.Equal(2, _calls);
    }

    private static HttpRequestMessage Request(string? key, string body, string path = "/things", string? ifMatch = null, string caller = "admin")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.As(TestCaller.Of(caller, new RoleGrant(Role.Admin)));
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return request;
    }

    private async Task<Answer> SendAsync(string? key, string body, string path = "/things", string? ifMatch = null, string caller = "admin")
    {
        using var request = Request(key, body, path, ifMatch, caller);
        return await Answer.ReadAsync(await _http!.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private async ValueTask StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        Problems.ProblemMapping.Add(builder.Services);
        builder.Services.AddSingleton<CallerContext>().AddSingleton(new IdempotentAnswers(_store, _time));
        _app = builder.Build();
        _app.UseExceptionHandler();
        _app.UseTestCallers();
        _app.MapGroup("").HeedsIdempotencyKeys().MapPost("/things", context =>
        {
            _calls++;
            return _answer(context);
        });
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }
}
