using System.Globalization;

namespace Performance.Gateways;

/// <summary>The gateway beside nginx: same backend, same limit, same caller, one after the other in one run.</summary>
internal static class GatewayBenchmark
{
    private const int BackendPort = 5890;
    private const int NginxPort = 5891;
    private const int GatewayPort = 5892;
    private const int Connections = 64;

    public static async Task RunAsync(IReadOnlyList<int> routes, int seconds, CancellationToken cancellationToken)
    {
        using var backend = NginxProcess.Backend(BackendPort);
        WrkRun limit;
        using (NginxProcess.Proxy(NginxPort, BackendPort))
        {
            await WrkRun.MeasureAsync(Url(NginxPort, 0), "bench.local", Connections, 2, cancellationToken);
            limit = await WrkRun.MeasureAsync(Url(NginxPort, 0), "bench.local", Connections, seconds, cancellationToken);
        }

        Print("nginx", limit, limit);
        foreach (var number in routes)
        {
            await using var gateway = await MeasuredGateway.StartAsync(GatewayPort, BackendPort, number, cancellationToken);
            await WrkRun.MeasureAsync(Url(GatewayPort, number / 2), "bench.local", Connections, 5, cancellationToken); // compiled by then
            Print($"gateway, {number} routes", await WrkRun.MeasureAsync(Url(GatewayPort, number / 2), "bench.local", Connections, seconds, cancellationToken), limit);
            var effects = new List<TimeSpan>();
            for (var i = 0; i < 20; i++)
            {
                effects.Add(await gateway.AddRouteAsync(number + i, cancellationToken));
            }

            effects.Sort();
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  a new route takes effect in {effects[10].TotalMilliseconds:0} ms (median of 20), {effects[^1].TotalMilliseconds:0} ms at most"));
        }
    }

    private static string Url(int port, int route) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/route/{route}/x");

    private static void Print(string what, WrkRun run, WrkRun limit) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-24} {run.PerSecond,8:0}/s ({run.PerSecond / limit.PerSecond:0.00}x)  p50 {run.P50.TotalMilliseconds,6:0.00} ms ({run.P50 / limit.P50:0.00}x)  p99 {run.P99.TotalMilliseconds,6:0.00} ms ({run.P99 / limit.P99:0.00}x)  failures {run.Failures}"));
}
