using System.Net;
using Bunit;
using ControlPlane.Api.Problems;
using ControlPlane.Web.Live;
using Microsoft.AspNetCore.Components.Rendering;

namespace ControlPlane.Web.Tests.Live;

public sealed class AskingComponentTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public async Task The_answer_to_an_earlier_question_is_not_shown_any_more()
    {
        var asking = _context.Render<Asking>();
        var (first, second) = (new TaskCompletionSource<string>(), new TaskCompletionSource<string>());

        var slow = asking.InvokeAsync(() => asking.Instance.Ask(first.Task));
        var quick = asking.InvokeAsync(() => asking.Instance.Ask(second.Task));
        second.SetResult("new");
        await quick;
        first.SetResult("old");
        await slow;

        Assert.Equal("new", asking.Instance.Shown);
        Assert.False(asking.Instance.Busy);
    }

    [Fact]
    public async Task It_is_busy_until_the_answer_is_there()
    {
        var asking = _context.Render<Asking>();
        var answer = new TaskCompletionSource<string>();

        var asked = asking.InvokeAsync(() => asking.Instance.Ask(answer.Task));
        Assert.True(asking.Instance.Busy);
        answer.SetResult("yes");
        await asked;

        Assert.False(asking.Instance.Busy);
    }

    [Fact]
    public async Task A_refusal_is_explained_and_forgotten_by_the_next_question()
    {
        var asking = _context.Render<Asking>();

        await asking.InvokeAsync(() => asking.Instance.Ask(Task.FromException<string>(new HttpRequestException("refused"))));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, asking.Instance.Why?.Status);
        await asking.InvokeAsync(() => asking.Instance.Ask(Task.FromResult("yes")));

        Assert.Null(asking.Instance.Why);
    }

    [Fact]
    public async Task A_defect_goes_to_the_error_boundary()
    {
        var asking = _context.Render<Asking>();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            asking.InvokeAsync(() => asking.Instance.Ask(Task.FromException<string>(new InvalidOperationException("a defect")))));
    }

    [Fact]
    public async Task What_is_asked_ends_with_the_component()
    {
        var asking = _context.Render<Asking>();
        var asked = asking.InvokeAsync(asking.Instance.AskForever);

        asking.Instance.Dispose();

        await asked.WaitAsync(TimeSpan.FromSeconds(30), Xunit.TestContext.Current.CancellationToken);
        Assert.Null(asking.Instance.Why);
    }

    private sealed class Asking : AskingComponent
    {
        public string? Shown { get; private set; }

        public bool Busy => IsAsking;

        public ProblemDescription? Why => Problem;

        public Task Ask(Task<string> answer) => AskAsync(_ => answer, shown => Shown = shown);

        public Task AskForever() => AskAsync(
            async cancel =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
                return "";
            },
            shown => Shown = shown);

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
        }
    }
}
