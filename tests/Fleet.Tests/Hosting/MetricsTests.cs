using System.Globalization;
using Fleet.Tests.Testing;

namespace Fleet.Tests.Hosting;

public sealed class MetricsTests : IAsyncLifetime
{
    private RunningInstance _product = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _product = await RunningInstance.StartAsync("product", Cancellation);

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task Requests_are_counted_by_method_route_and_status()
    {
        await _product.GetAsync("/products/GROC-TEA-500G");
        await _product.GetAsync("/products/GROC-ATTA-10KG");
        await _product.GetAsync("/products/NOPE");
        await _product.GetAsync("/nope/1");
        await _product.SendAsync(new HttpMethod("BREW"), "/nope/2");

        var samples = await ScrapeAsync();

        Assert.Equal(2, samples["""http_requests_total{method="GET",route="/products/{sku}",status="200"}"""]);
        Assert.Equal(1, samples["""http_requests_total{method="GET",route="/products/{sku}",status="404"}"""]);
        Assert.Equal(1, samples["""http_requests_total{method="GET",route="unmatched",status="404"}"""]);
        Assert.Equal(1, samples["""http_requests_total{method="_OTHER",route="unmatched",status="404"}"""]);
        Assert.Equal(2, samples["""http_request_duration_seconds_count{method="GET",route="/products/{sku}",status="200"}"""]);
        Assert.Equal(2, samples["""http_request_duration_seconds_bucket{method="GET",route="/products/{sku}",status="200",le="+Inf"}"""]);
        // The scrape itself is being served.
        Assert.Equal(1, samples["http_requests_in_flight"]);
    }

    [Fact]
    public async Task Business_events_are_counted()
    {
        await _product.GetAsync("/products?query=rice");
        await _product.GetAsync("/products?query=caviar");
        await _product.GetAsync("/products?query=caviar");

        var samples = await ScrapeAsync();

        Assert.Equal(1, samples["""product_searches_total{found="true"}"""]);
        Assert.Equal(2, samples["""product_searches_total{found="false"}"""]);
    }

    [Fact]
    public async Task Every_family_has_a_type_and_a_help_and_every_sample_a_number()
    {
        await _product.GetAsync("/products");

        var lines = (await _product.MetricsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var families = lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToHashSet();
        var described = lines.Where(l => l.StartsWith("# HELP ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToHashSet();
        Assert.Equal(families, described);
        Assert.All((await ScrapeAsync()).Keys, k => Assert.Contains(families, f => k.StartsWith(f, StringComparison.Ordinal)));
        using var answer = await _product.Client.GetAsync("/metrics", Cancellation);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
    }

    private async Task<Dictionary<string, double>> ScrapeAsync() => (await _product.MetricsAsync())
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(l => l[0] != '#')
        .Select(l => (Name: l[..l.LastIndexOf(' ')], Value: l[(l.LastIndexOf(' ') + 1)..]))
        .ToDictionary(s => s.Name, s => double.Parse(s.Value, CultureInfo.InvariantCulture));
}
