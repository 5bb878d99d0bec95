using System.Collections.Concurrent;
using System.Net;
using LocalCluster.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalCluster.Tests.Load;

public sealed class LoadTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("load-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string SettingsFile => Path.Combine(_directory, "generator.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("http://example.com")]
    [InlineData("http://localhost:5082")] // a name: whoever owns the resolver decides where it leads
    [InlineData("http://10.0.0.1:5082")]
    [InlineData("http://0.0.0.0:5082")]
    [InlineData("http://127.0.0.1.nip.io:5082")]
    [InlineData("http://[2001:db8::1]:5082")]
    [InlineData("https://127.0.0.1:5082")]
    [InlineData("ftp://127.0.0.1")]
    public void Made_up_traffic_goes_to_no_other_place_than_loopback(string target)
    {
        var refused = Assert.Throws<ArgumentException>(() => Generator(new Uri(target)));

        Assert.Contains("loopback", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_host_a_request_names_the_connection_goes_to_the_target_and_no_redirect_is_followed()
    {
        await using var shop = await StartAsync(context =>
        {
            context.Response.Redirect("http://example.com/elsewhere");
            return Task.CompletedTask;
        });
        using var http = new HttpClient(new LoopbackTarget(AddressOf(shop)).Handler());

        using var response = await http.GetAsync(new Uri("http://example.com/"), Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    [Fact]
    public async Task Turned_on_it_sends_shoppers_to_the_shop_and_turned_off_it_stops()
    {
        var paths = new ConcurrentQueue<string>();
        var placed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var shop = await StartAsync(async context =>
        {
            Assert.Equal("shop.local", context.Request.Host.Value);
            paths.Enqueue($"{context.Request.Method} {context.Request.Path}");
            Assert.Equal(context.Request.Path.StartsWithSegments("/users/x-1", StringComparison.Ordinal) ? "x-1" : "", context.Request.Headers["user-id"].ToString());
            if (context.Request.Path == "/orders" && context.Request.Method == "POST")
            {
                placed.TrySetResult();
            }

            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteAsync("""{"id":"x-1"}""");
        });
        using var generator = Generator(AddressOf(shop));
        await generator.StartAsync(Cancellation);
        Assert.Equal(0, generator.Status.Sent);

        generator.Set(new LoadSettings(IsOn: true, LoadSettings.HighestRate, DayMinutes: LoadSettings.ShortestDay));
        await placed.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        generator.Set(generator.Status.Settings with { IsOn = false });
        await generator.StopAsync(Cancellation);

        Assert.Equal("POST /users", paths.First()); // nobody orders who is not registered
        Assert.Equal(0, generator.Status.RequestsPerSecond);
        Assert.True(generator.Status.Sent >= paths.Count);
        Assert.Equal(0, generator.Status.Failed);
    }

    [Fact]
    public void Settings_outlive_the_process_and_a_file_that_makes_no_sense_turns_it_off()
    {
        var settings = new LoadSettings(IsOn: true, 12.5, 60);
        using (var generator = Generator(new Uri("http://127.0.0.1:9")))
        {
            Assert.Equal(LoadSettings.Default, generator.Status.Settings);
            generator.Set(settings);
        }

        using (var restarted = Generator(new Uri("http://127.0.0.1:9")))
        {
            Assert.Equal(settings, restarted.Status.Settings);
        }

        File.WriteAllText(SettingsFile, """{"IsOn":true,"RequestsPerSecond":1e9,"DayMinutes":60}""");
        using (var tampered = Generator(new Uri("http://127.0.0.1:9")))
        {
            Assert.Equal(LoadSettings.Default, tampered.Status.Settings);
        }

        File.WriteAllText(SettingsFile, "{");
        using var broken = Generator(new Uri("http://127.0.0.1:9"));
        Assert.Equal(LoadSettings.Default, broken.Status.Settings);
    }

    [Theory]
    [InlineData(0, 60, "requestsPerSecond")]
    [InlineData(-1, 60, "requestsPerSecond")]
    [InlineData(200.1, 60, "requestsPerSecond")]
    [InlineData(double.NaN, 60, "requestsPerSecond")]
    [InlineData(5, 9, "dayMinutes")]
    [InlineData(5, 1441, "dayMinutes")]
    public void Settings_out_of_their_bounds_are_refused(double rate, int day, string field)
    {
        using var generator = Generator(new Uri("http://127.0.0.1:9"));

        Assert.StartsWith(field, Assert.Throws<ArgumentException>(() => generator.Set(new LoadSettings(true, rate, day))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(SettingsFile));
    }

    [Fact]
    public void A_day_has_its_rate_on_average_and_its_peak_in_the_evening()
    {
        var minutes = Enumerable.Range(0, 1440).Select(minute => DayShape.At(minute / 60d)).ToList();

        Assert.Equal(1, minutes.Average(), precision: 2);
        Assert.Equal(20, minutes.IndexOf(minutes.Max()) / 60);
        Assert.Equal(DayShape.Peak, minutes.Max(), precision: 9);
        Assert.True(minutes.Zip(minutes.Skip(1)).All(pair => Math.Abs(pair.First - pair.Second) < 0.02)); // no jumps
    }

    [Theory]
    [InlineData("2026-11-27T00:00:00Z", 1440, 5.5)] // India's clock
    [InlineData("2026-11-27T14:30:00Z", 1440, 20)]
    [InlineData("2026-11-27T00:05:00Z", 10, 12)]
    public void A_day_follows_the_clock_of_India_or_goes_by_faster(string now, int dayMinutes, double hour) =>
        Assert.Equal(hour, DayShape.HourOf(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), dayMinutes), precision: 6);

    [Fact]
    public void No_shopper_is_anybody()
    {
        for (var number = 1; number <= Shopper.Most; number += 37)
        {
            var shopper = Shopper.Registration(number, new Random(number));
            Assert.StartsWith("Made-up Shopper ", (string)shopper["name"]!, StringComparison.Ordinal);
            Assert.EndsWith("@example.com", (string)shopper["email"]!, StringComparison.Ordinal);
            Assert.Equal((6_000_000_000 + number).ToString(System.Globalization.CultureInfo.InvariantCulture), (string)shopper["mobile"]!);
        }
    }

    [Fact]
    public void Payments_are_mixed_as_in_an_Indian_shop()
    {
        var random = new Random(7);
        var methods = Enumerable.Range(0, 5000).Select(_ => (string)Shopper.Order("u-1", random)["payment"]!["method"]!).CountBy(method => method).ToDictionary();

        Assert.InRange(methods["Upi"], 3000, 3500);
        Assert.InRange(methods["Card"], 850, 1150);
        Assert.InRange(methods["CashOnDelivery"], 600, 900);
    }

    /// <summary>What the fleet would refuse is no traffic to look at.</summary>
    [Fact]
    public void An_order_names_each_product_once_and_few_pieces()
    {
        var random = new Random(11);
        for (var i = 0; i < 500; i++)
        {
            var lines = Shopper.Order("u-1", random)["lines"]!.AsArray();
            Assert.InRange(lines.Count, 1, 3);
            Assert.Distinct(lines.Select(line => (string)line!["sku"]!));
            Assert.All(lines, line => Assert.InRange((int)line!["quantity"]!, 1, 2));
        }
    }

    private static Uri AddressOf(WebApplication app) => new(app.Urls.Single());

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Cancellation);
        return app;
    }

    private LoadGenerator Generator(Uri target) => new(target, SettingsFile, TimeProvider.System, NullLogger<LoadGenerator>.Instance);
}
