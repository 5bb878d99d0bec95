using System.Net;
using System.Text;
using Compliance.Audit;
using ControlPlane.Api.Access;
using ControlPlane.Api.Audit.Ingestion;
using ControlPlane.Api.Problems;
using ControlPlane.Api.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Api.Tests.Audit.Ingestion;

public sealed class BackPressureTests
{
    [Theory]
    [InlineData(true, 10, HttpStatusCode.TooManyRequests, "10")]
    [InlineData(false, null, HttpStatusCode.ServiceUnavailable, "5")]
    public async Task A_sender_is_told_when_to_come_again(bool isBusy, int? seconds, HttpStatusCode status, string retryAfter)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        ProblemMapping.Add(builder.Services);
        builder.Services.AddSingleton<CallerContext>().AddSingleton<Authorizer>().AddSingleton(TimeProvider.System).AddSingleton<EventIngestion>();
        builder.Services.AddSingleton<IAuditLog>(new ClosedLog(new("the disk is full") { IsBusy = isBusy, RetryAfter = seconds is { } after ? TimeSpan.FromSeconds(after) : null }));
        builder.Services.AddSingleton(provider => new KubernetesIngestion(provider.GetRequiredService<Authorizer>(), provider.GetRequiredService<IAuditLog>(), own: null!, entries: null!));
        await using var app = builder.Build();
        app.UseTestCallers();
        app.MapGroup("/api/v1").MapAuditIngestion();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var line = new StringContent(
            """{"id":"019acd0a-0000-7000-8000-000000000001","source":"shop/order","occurredAt":"2026-11-27T06:30:00Z","actor":{"kind":"workload","id":"shop/order"},"action":"order.placed"}""",
            Encoding.UTF8,
            "application/x-ndjson");

        using var answer = await http.PostAsync(new Uri("/api/v1/audit/events", UriKind.Relative), line, TestContext.Current.CancellationToken);

        Assert.Equal((status, retryAfter), (answer.StatusCode, answer.Headers.GetValues("Retry-After").Single()));
        (await Answer.ReadAsync(answer)).Problem(status);
    }

    private sealed class ClosedLog(AuditUnavailableException why) : IAuditLog
    {
        public Task<IReadOnlyList<AuditReceipt>> AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken cancellationToken) => throw why;
    }
}
