using System.Net;
using Fleet.Products;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Products;

public sealed class ProductApiTests : IAsyncLifetime
{
    private RunningInstance _product = null!;

    public async ValueTask InitializeAsync() => _product = await RunningInstance.StartAsync("product", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task A_product_has_a_price_and_an_hsn_code()
    {
        var ghee = await _product.GetAsync("/products/GROC-GHEE-1L");

        Assert.Equal(649.00m, ghee.Body!["priceInr"]!.GetValue<decimal>());
        Assert.Equal("040590", ghee["hsn"]);
    }

    [Fact]
    public async Task Every_word_of_a_query_must_be_in_name_or_category()
    {
        var found = await _product.GetAsync("/products?query=COTTON%20fashion");

        Assert.Equal(["FASH-SHIRT-COTTON", "FASH-TSHIRT-COTTON"], found.Body!["items"]!.AsArray().Select(i => i!["sku"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(29)]
    [InlineData(100)]
    public async Task Pages_of_any_size_put_together_are_the_catalogue(int limit)
    {
        var skus = new List<string>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = await _product.GetAsync($"/products?limit={limit}&cursor={cursor}");
            var items = page.Body!["items"]!.AsArray();
            Assert.InRange(items.Count, 1, limit);
            skus.AddRange(items.Select(i => i!["sku"]!.GetValue<string>()));
            cursor = page.Body["nextCursor"]?.GetValue<string>();
        }

        Assert.Equal(29, skus.Count);
        Assert.Equal(skus.Order(StringComparer.Ordinal).Distinct(), skus);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("many")]
    [InlineData("-1")]
    public async Task A_limit_out_of_range_is_refused(string limit)
    {
        var answer = await _product.GetAsync($"/products?limit={limit}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("limit", Assert.Single(answer.FieldsAtFault));
    }

    [Fact]
    public void Every_product_has_a_six_digit_hsn_code_and_a_price_in_whole_paise()
    {
        var all = Catalogue.Search("", cursor: null, limit: 1000).Items;

        Assert.All(all, p => Assert.Matches("^[0-9]{6}$", p.Hsn));
        Assert.All(all, p => Assert.True(p.PriceInr > 0 && decimal.Round(p.PriceInr, 2) == p.PriceInr, p.Sku));
    }
}
