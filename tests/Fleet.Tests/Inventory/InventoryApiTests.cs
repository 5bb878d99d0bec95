using System.Net;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Inventory;

public sealed class InventoryApiTests : IAsyncLifetime
{
    private RunningInstance _inventory = null!;

    public async ValueTask InitializeAsync() =>
        _inventory = await RunningInstance.StartAsync("inventory", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _inventory.DisposeAsync();

    [Fact]
    public async Task A_release_puts_the_goods_back_and_can_be_repeated()
    {
        await _inventory.PostAsync("/reservations", """{"orderId":"o-1","lines":[{"sku":"TECH-PHONE-5G","quantity":2}]}""");
        Assert.Equal("4998", (await _inventory.GetAsync("/stock/TECH-PHONE-5G"))["available"]);

        Assert.Equal(HttpStatusCode.NoContent, (await _inventory.SendAsync(HttpMethod.Delete, "/reservations/o-1")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await _inventory.SendAsync(HttpMethod.Delete, "/reservations/o-1")).Status);

        Assert.Equal("5000", (await _inventory.GetAsync("/stock/TECH-PHONE-5G"))["available"]);
        Assert.Contains("inventory_releases_total 1\n", await _inventory.MetricsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sku":"NOPE","quantity":1}""", HttpStatusCode.UnprocessableEntity, "lines[1].sku")]
    [InlineData("""{"sku":"HOME-WASHER-7KG","quantity":100}""", HttpStatusCode.Conflict, "lines[1].quantity")]
    [InlineData("""{"sku":"HOME-LED-9W","quantity":0}""", HttpStatusCode.BadRequest, "lines[1].quantity")]
    [InlineData("""{"sku":"HOME-LED-9W","quantity":"1"}""", HttpStatusCode.BadRequest, "lines[1].quantity")]
    public async Task A_line_that_can_not_be_reserved_is_named(string line, HttpStatusCode status, string field)
    {
        await _inventory.SendAsync(HttpMethod.Put, "/stock/HOME-WASHER-7KG", """{"available":99}""", key: null, ("If-Match", "\"1\""));

        var answer = await _inventory.PostAsync(
            "/reservations", $$"""{"orderId":"o-1","lines":[{"sku":"HOME-LED-9W","quantity":1},{{line}}]}""");

        Assert.Equal(status, answer.Status);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
    }

    [Fact]
    public async Task An_order_can_not_reserve_other_goods_later()
    {
        await _inventory.PostAsync("/reservations", """{"orderId":"o-1","lines":[{"sku":"TECH-PHONE-5G","quantity":2}]}""");

        var other = await _inventory.PostAsync("/reservations", """{"orderId":"o-1","lines":[{"sku":"TECH-PHONE-5G","quantity":3}]}""");

        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Equal("orderId", Assert.Single(other.FieldsAtFault));
    }

    [Fact]
    public async Task A_level_is_changed_only_by_who_read_it_last()
    {
        var etag = (await _inventory.GetAsync("/stock/TECH-TV-43")).Headers.ETag!.Tag;

        var first = await CountAsync(etag);
        var second = await CountAsync(etag);

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal("\"2\"", first.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, second.Status);
        Assert.Equal("If-Match", Assert.Single(second.FieldsAtFault));
    }

    [Theory]
    [InlineData("*", "If-Match")]
    [InlineData("", "ifMatch")]
    public async Task A_change_without_an_etag_is_refused(string etag, string field)
    {
        var answer = await CountAsync(etag);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(field, Assert.Single(answer.FieldsAtFault));
    }

    private Task<Answer> CountAsync(string etag) =>
        _inventory.SendAsync(HttpMethod.Put, "/stock/TECH-TV-43", """{"available":5}""", key: null, ("If-Match", etag));
}
