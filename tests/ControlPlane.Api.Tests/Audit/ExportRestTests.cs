using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Testing;
using ControlPlane.Api.Audit.Exports;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Audit;

public sealed class ExportRestTests(RunningControlPlane running)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_is_asked_for_made_downloaded_in_parts_and_removed_and_all_of_it_is_on_record()
    {
        var ns = Guid.NewGuid().ToString("N");
        await running.Audit.RecordAsync(SampleEvents.Of("manifests.apply", $"{ns}/order"));
        await running.Audit.RecordAsync(SampleEvents.Of("manifests.apply", $"{ns}/cart"));
        running.Audit.Sign();
        var body = new JsonObject { ["from"] = "2020-01-01", ["namespace"] = ns, ["reason"] = "yearly audit" };
        Assert.Equal(2, (int)(await running.PostJsonAsync("/api/v1/exports/preview", body.DeepClone())).Ok()["entries"]!);

        var accepted = await running.PostJsonAsync("/api/v1/exports", body);

        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        var id = (string)accepted.Json["id"]!;
        var done = await DoneAsync(id);
        Assert.True((string)done["state"]! == "Done", done.ToJsonString());
        Assert.Equal(2, (int)done["entries"]!);
        Assert.Contains("dabbawala-verify", (string)done["verifyWith"]!, StringComparison.Ordinal);
        var whole = await running.Http.GetByteArrayAsync($"/api/v1/exports/{id}/content", Cancel);
        Assert.Equal((string)done["sha256"]!, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(whole)));
        Assert.Equal(whole[100..200], await PartAsync(id, 100, 199));

        using var removed = await running.Http.DeleteAsync($"/api/v1/exports/{id}", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        (await running.GetAsync($"/api/v1/exports/{id}/content")).Problem(HttpStatusCode.Gone);
        var records = running.Log.Events.Where(item => item.Object?.Name == id).Select(item => (item.Action, item.Outcome)).ToList();
        Assert.Equal(
            [("audit.export", AuditOutcome.Attempted), ("audit.export", AuditOutcome.Succeeded), ("audit.remove-export", AuditOutcome.Attempted), ("audit.remove-export", AuditOutcome.Succeeded)],
            records);
    }

    [Fact]
    public async Task An_export_that_does_not_exist_is_not_found() =>
        (await running.GetAsync($"/api/v1/exports/{Guid.NewGuid()}")).Problem(HttpStatusCode.NotFound);

    [Fact]
    public async Task Without_a_period_nothing_is_exported() =>
        Assert.Equal("from", (string)(await running.PostJsonAsync("/api/v1/exports", new JsonObject())).Problem(HttpStatusCode.BadRequest)["field"]!);

    private async Task<JsonNode> DoneAsync(string id)
    {
        await foreach (var _ in running.Exports.Changes.ReadAsync(TimeSpan.Zero, TimeProvider.System, Cancel))
        {
            var export = (await running.GetAsync($"/api/v1/exports/{id}")).Ok();
            if ((string)export["state"]! is "Done" or "Failed")
            {
                return export;
            }
        }

        throw new InvalidOperationException("the feed ended");
    }

    private async Task<byte[]> PartAsync(string id, long from, long to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/exports/{id}/content");
        request.Headers.Range = new RangeHeaderValue(from, to);
        using var part = await running.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        return await part.Content.ReadAsByteArrayAsync(Cancel);
    }
}
