using System.Globalization;
using System.Net.Sockets;

namespace Performance.Gateways;

/// <summary>The gateway beside nginx and HAProxy: same backend, same limit, same caller, one after the other in one run.</summary>
internal static class GatewayBenchmark
{
    private const int BackendPort = 5460;
    private const int NginxPort = 5461;
    private const int HaproxyPort = 5462;
    private const int GatewayPort = 5463;
    private const int Connections = 64;
    private const int WarmUp = 5;

    public static async Task RunAsync(IReadOnlyList<int> routes, int seconds, CancellationToken cancellationToken)
    {
        using var backend = NginxProcess.Backend(BackendPort);
        await OpenAsync(BackendPort, cancellationToken);
        WrkRun nginx;
        using (NginxProcess.Proxy(NginxPort, BackendPort))
        {
            nginx = await MeasureAsync(NginxPort, 0, seconds, cancellationToken);
        }

        Print("nginx", nginx, nginx);
        using (HaproxyProcess.Proxy(HaproxyPort, BackendPort))
        {
            Print("HAProxy", await MeasureAsync(HaproxyPort, 0, seconds, cancellationToken), nginx);
        }

        WrkRun? few = null;
        foreach (var number in routes)
        {
            await using var gateway = await MeasuredGateway.StartAsync(GatewayPort, BackendPort, number, cancellationToken);
            var run = await MeasureAsync(GatewayPort, number / 2, seconds, cancellationToken);
            Print($"gateway, {number} of each", run, nginx);
            few ??= run;
            await WriteAsync($"  against {routes[0]} of each: throughput {run.PerSecond / few.PerSecond:0.00}x, p99 {run.P99 / few.P99:0.00}x");
            await EffectsAsync("a new route", i => gateway.AddRouteAsync(number + i, cancellationToken));
            await EffectsAsync("a changed limit", i => gateway.ChangeLimitAsync(i % number, 1_000_000 + i, cancellationToken));
        }
    }

    private static async Task<WrkRun> MeasureAsync(int port, int route, int seconds, CancellationToken cancellationToken)
    {
        await OpenAsync(port, cancellationToken);
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/route/{route}/x");
        await WrkRun.MeasureAsync(url, "bench.local", Connections, WarmUp, cancellationToken); // compiled by then
        return await WrkRun.MeasureAsync(url, "bench.local", Connections, seconds, cancellationToken);
    }

    private static async Task EffectsAsync(string what, Func<int, Task<TimeSpan>> change)
    {
        var effects = new List<TimeSpan>();
        for (var i = 0; i < 20; i++)
        {
            effects.Add(await change(i));
        }

        effects.Sort();
        await WriteAsync($"  {what} takes effect in {effects[10].TotalMilliseconds:0} ms (median of 20), {effects[^1].TotalMilliseconds:0} ms at most");
    }

    private static async Task OpenAsync(int port, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(10, cancellationToken);
            }
        }
    }

    private static void Print(string what, WrkRun run, WrkRun limit) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-24} {run.PerSecond,8:0}/s ({run.PerSecond / limit.PerSecond:0.00}x)  p50 {run.P50.TotalMilliseconds,6:0.00} ms ({run.P50 / limit.P50:0.00}x)  p99 {run.P99.TotalMilliseconds,6:0.00} ms ({run.P99 / limit.P99:0.00}x)  failures {run.Failures}"));

    private static Task WriteAsync(FormattableString text) => Console.Out.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));
}
