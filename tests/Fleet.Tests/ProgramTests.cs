using System.Diagnostics;
using System.Text.Json;

namespace Fleet.Tests;

/// <summary>The entry point of the container images, as a process of its own.</summary>
public sealed class ProgramTests
{
    private static readonly string Assembly = typeof(FleetHost).Assembly.Location;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_is_configured_by_its_environment_and_ends_well_on_sigterm()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Needs the signals of Unix.");
        using var process = Start(["product"], new()
        {
            ["FLEET_LISTEN"] = "127.0.0.1:0", ["FLEET_VERSION"] = "1.4.0", ["POD_NAME"] = "product-0", ["ZONE"] = "asia-south1-b",
        });
        var started = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync(Cancellation))!).RootElement;
        Assert.Equal(("started", "product-0"), (started.GetProperty("event").GetString(), started.GetProperty("instance").GetString()));

        using var client = new HttpClient { BaseAddress = new Uri(started.GetProperty("addresses").GetString()!) };
        var version = JsonDocument.Parse(await client.GetStringAsync("/version", Cancellation)).RootElement;
        Assert.Equal(("1.4.0", "asia-south1-b"), (version.GetProperty("version").GetString(), version.GetProperty("zone").GetString()));

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("", "127.0.0.1:0", "FLEET_SERVICE")]
    [InlineData("orders", "127.0.0.1:0", "'orders'")]
    [InlineData("order", "8080", "FLEET_LISTEN")]
    public async Task A_wrong_setting_is_named_and_nothing_starts(string service, string listen, string named)
    {
        using var process = Start(service.Length > 0 ? [service] : [], new() { ["FLEET_LISTEN"] = listen });

        Assert.Contains(named, await process.StandardError.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(2, process.ExitCode);
    }

    private static Process Start(IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
