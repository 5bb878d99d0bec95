using System.Net;
using System.Text;
using ControlPlane.Api.Access;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Audit.Ingestion;

public sealed class IngestionRestTests(RunningControlPlane running)
{
    private static readonly Caller Source = TestCaller.Of("source", new RoleGrant(Role.AuditSource));

    [Fact]
    public async Task Events_are_taken_whole_or_not_at_all()
    {
        var good = Line(Guid.CreateVersion7());

        var refused = await SendAsync("/api/v1/audit/events", $"{good}\n{{", "application/x-ndjson");
        var taken = (await SendAsync("/api/v1/audit/events", good, "application/x-ndjson")).Ok();
        var again = (await SendAsync("/api/v1/audit/events?partial=true", $"{good}\n{{", "application/x-ndjson")).Ok();

        Assert.Equal((HttpStatusCode.UnprocessableEntity, 2), (refused.Status, (int)refused.Json["errors"]![0]!["line"]!));
        Assert.Equal((1, 0), ((int)taken["accepted"]!, (int)taken["duplicates"]!));
        Assert.Equal((0, 1, 1), ((int)again["accepted"]!, (int)again["duplicates"]!, (int)again["rejected"]!));
    }

    [Fact]
    public async Task Anything_but_lines_of_JSON_is_refused() =>
        (await SendAsync("/api/v1/audit/events", Line(Guid.CreateVersion7()), "application/json")).Problem(HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public async Task Who_is_no_source_is_refused()
    {
        using var request = Request("/api/v1/audit/events", Line(Guid.CreateVersion7()), "application/x-ndjson");

        (await running.SendAsync(request.As(TestCaller.Of("viewer", new RoleGrant(Role.Viewer))))).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_edit_by_kubectl_is_on_record_with_its_author_under_another_name()
    {
        var list = await File.ReadAllTextAsync(RecordedEvents.PathOf("kubectl-edit.json"), TestContext.Current.CancellationToken);

        var outcome = (await SendAsync("/api/v1/audit/kubernetes", list, "application/json")).Ok();
        var again = (await SendAsync("/api/v1/audit/kubernetes", list, "application/json")).Ok();

        Assert.Equal((1, 0), ((int)outcome["recorded"]!, (int)outcome["duplicates"]!));
        Assert.Equal((0, 1), ((int)again["recorded"]!, (int)again["duplicates"]!));
        var item = running.Log.Events.Single(item => item.Object is { Namespace: "recorded", Name: "cart" });
        Assert.StartsWith("kubernetes:", item.Actor.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_no_EventList_is_refused() =>
        (await SendAsync("/api/v1/audit/kubernetes", """{"kind":"List"}""", "application/json")).Problem(HttpStatusCode.BadRequest);

    private static string Line(Guid id) =>
        $$"""{"id":"{{id}}","source":"shop/order","occurredAt":"2026-11-27T06:30:00Z","actor":{"kind":"workload","id":"shop/order"},"action":"order.placed"}""";

    private static HttpRequestMessage Request(string path, string body, string type) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };

    private async Task<Answer> SendAsync(string path, string body, string type)
    {
        using var request = Request(path, body, type);
        return await running.SendAsync(request.As(Source));
    }
}
