using System.Net;
using Compliance.Audit;
using Compliance.Audit.Testing;
using Compliance.Audit.Tiles;
using ControlPlane.Api.Access;
using ControlPlane.Api.Tests.Testing;

namespace ControlPlane.Api.Tests.Audit;

public sealed class AuditRestTests(RunningControlPlane running)
{
    [Fact]
    public async Task Entries_are_found_page_by_page()
    {
        var ns = Guid.NewGuid().ToString("N");
        var indices = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            indices.Add(await running.Audit.RecordAsync(SampleEvents.Of("manifests.apply", $"{ns}/s{i}")));
        }

        var first = (await running.GetAsync($"/api/v1/audit/entries?namespace={ns}&limit=2")).Ok();
        var second = (await running.GetAsync($"/api/v1/audit/entries?namespace={ns}&limit=2&cursor={first["nextCursor"]}")).Ok();

        Assert.Equal([indices[2], indices[1]], first["items"]!.AsArray().Select(item => (long)item!["index"]!));
        Assert.Equal([indices[0]], second["items"]!.AsArray().Select(item => (long)item!["index"]!));
        Assert.Equal(3, (int)first["total"]!);
        Assert.Null(second["nextCursor"]);
    }

    [Theory]
    [InlineData("outcome=fine", "outcome")]
    [InlineData("from=yesterday", "from")]
    [InlineData("q=colour:red", "q")]
    [InlineData("limit=0", "limit")]
    public async Task A_parameter_that_makes_no_sense_is_named(string query, string field) =>
        Assert.Equal(field, (string)(await running.GetAsync($"/api/v1/audit/entries?{query}")).Problem(HttpStatusCode.BadRequest)["field"]!);

    [Fact]
    public async Task An_entry_comes_with_a_file_that_proves_it_without_us()
    {
        var index = await running.Audit.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        running.Audit.Sign();

        var entry = (await running.GetAsync($"/api/v1/audit/entries/{index}")).Ok();
        var proof = await running.GetAsync($"/api/v1/audit/entries/{index}/proof");

        var covers = LogProof.Parse(proof.Text).Verify(System.Text.Encoding.UTF8.GetBytes((string)entry["text"]!), running.Audit.Signer.Verifier);
        Assert.True(covers.Size > index);
        Assert.True((bool)(await running.GetAsync($"/api/v1/audit/entries/{index}/verification")).Ok()["passed"]!);
    }

    [Fact]
    public async Task An_entry_that_does_not_exist_is_not_found()
    {
        (await running.GetAsync("/api/v1/audit/entries/999999999")).Problem(HttpStatusCode.NotFound);
        (await running.GetAsync("/api/v1/audit/entries/999999999/proof")).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Monitors_read_checkpoint_tiles_and_bundles()
    {
        var index = await running.Audit.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        var note = running.Audit.Sign();
        var (tile, width) = (index / 256, (index % 256) + 1);
        var path = width == 256 ? $"{tile:000}" : $"{tile:000}.p/{width}";

        Assert.Equal(note, (await running.GetAsync("/api/v1/audit/checkpoint")).Text);
        var hashes = await running.Http.GetByteArrayAsync($"/api/v1/audit/tile/0/{path}", TestContext.Current.CancellationToken);
        var bundle = EntryBundle.Read(await running.Http.GetByteArrayAsync($"/api/v1/audit/tile/entries/{path}", TestContext.Current.CancellationToken));

        Assert.Equal(hashes[^32..], TreeHash.OfLeaf(bundle[^1].Span).Bytes.ToArray());
        (await running.GetAsync("/api/v1/audit/tile/0/999")).Problem(HttpStatusCode.NotFound);
        (await running.GetAsync("/api/v1/audit/tile/0/67")).Problem(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Whoever_may_read_one_namespace_gets_hashes_and_no_bundles()
    {
        await running.Audit.RecordAsync(SampleEvents.Of("manifests.apply", "shop/order"));
        var scoped = TestCaller.Of("u-shop", new RoleGrant(Role.ComplianceOfficer, "shop"));

        (await running.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit/tile/entries/000.p/1").As(scoped))).Problem(HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.OK, (await running.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit/tile/0/000.p/1").As(scoped))).Status);
    }

    [Theory]
    [InlineData("/api/v1/audit/entries")]
    [InlineData("/api/v1/audit/checkpoint")]
    [InlineData("/api/v1/audit/health")]
    [InlineData("/api/v1/exports")]
    [InlineData("/api/v1/history/changes")]
    public async Task Whoever_only_looks_may_not(string path)
    {
        var viewer = TestCaller.Of("u-viewer", new RoleGrant(Role.Viewer));

        (await running.SendAsync(new HttpRequestMessage(HttpMethod.Get, path).As(viewer))).Problem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task To_look_at_personal_data_takes_a_reason_and_is_on_record()
    {
        var index = await running.Audit.RecordAsync(SampleEvents.Of("session.start") with { PersonalData = [new PersonalDatum("u-7", "actor.address", "203.0.113.9")] });
        var path = $"/api/v1/audit/entries/{index}/personal-data";

        Assert.Equal("reason", (string)(await running.PostJsonAsync(path, new System.Text.Json.Nodes.JsonObject())).Problem(HttpStatusCode.UnprocessableEntity)["field"]!);
        var data = (await running.PostJsonAsync(path, new System.Text.Json.Nodes.JsonObject { ["reason"] = "grievance 12" })).Ok()["items"]!.AsArray();

        Assert.Equal(("u-7", "actor.address"), ((string)data[0]!["subject"]!, (string)data[0]!["field"]!));
        Assert.DoesNotContain("203.0.113.9", (await running.GetAsync($"/api/v1/audit/entries/{index}")).Text, StringComparison.Ordinal);
        var record = running.Log.Events.Last(item => item.Action == "audit.reveal" && item.Object!.Name == index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(("grievance 12", AuditOutcome.Succeeded), (record.Reason, record.Outcome));
    }
}
