using ControlPlane.Api.Tests.Testing;
using ControlPlane.Api.Traffic.Gateways;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Api.Tests.Traffic;

public sealed class GatewayReportsTests : IAsyncLifetime
{
    private ReportingGateway _good = null!;
    private ReportingGateway _bad = null!;

    public async ValueTask InitializeAsync() => (_good, _bad) = (await ReportingGateway.StartAsync(), await ReportingGateway.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _good.DisposeAsync();
        await _bad.DisposeAsync();
    }

    [Theory]
    [InlineData(500, "", "it answers 500")]
    [InlineData(200, "<html>", "it answers with something else than a report")]
    [InlineData(200, "null", "it answers with nothing")]
    public async Task A_gateway_that_answers_with_no_report_is_named_and_the_others_are_heard(int status, string body, string problem)
    {
        _bad.Instead = context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
            return context.Response.WriteAsync(body);
        };

        var answers = await AskAsync();

        Assert.Equal("gateway-0", Assert.Single(answers.Reports).Gateway);
        Assert.Equal(new SilentGateway(_bad.Address.Authority, problem), Assert.Single(answers.Silent));
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_named()
    {
        using var gone = new HttpGatewaySource(new Uri("http://127.0.0.1:1"));
        var reports = new GatewayReports([gone]);

        Assert.Equal([new SilentGateway("127.0.0.1:1", "it can't be reached")], (await reports.ReadAsync(TestContext.Current.CancellationToken)).Silent);
    }

    [Fact]
    public async Task Those_who_come_while_it_is_asked_share_the_next_answer_and_get_none_that_is_older_than_their_question()
    {
        var source = new Slow();
        var reports = new GatewayReports([source]);

        var first = reports.ReadAsync(TestContext.Current.CancellationToken);
        var later = Enumerable.Range(0, 50).Select(_ => reports.ReadAsync(TestContext.Current.CancellationToken)).ToList();
        source.Answer.SetResult();

        Assert.Equal("1", Assert.Single((await first).Reports).Gateway);
        Assert.All(await Task.WhenAll(later), answers => Assert.Equal("2", Assert.Single(answers.Reports).Gateway));
        Assert.Equal("3", Assert.Single((await reports.ReadAsync(TestContext.Current.CancellationToken)).Reports).Gateway);
    }

    private async Task<GatewayAnswers> AskAsync()
    {
        using var good = new HttpGatewaySource(_good.Address);
        using var bad = new HttpGatewaySource(_bad.Address);
        var reports = new GatewayReports([good, bad]);
        return await reports.ReadAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Answers when it may, with how often it was asked.</summary>
    private sealed class Slow : IGatewaySource
    {
        private int _asked;

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "slow";

        public async Task<GatewayReport> ReadAsync(CancellationToken cancellationToken)
        {
            var asked = ++_asked;
            await Answer.Task.WaitAsync(cancellationToken);
            return new GatewayReport($"{asked}", ReportingGateway.Started, ReportingGateway.Started);
        }
    }
}
