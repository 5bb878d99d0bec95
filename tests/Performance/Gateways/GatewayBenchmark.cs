using System.Globalization;
using System.Net.Sockets;

namespace Performance.Gateways;

/// <summary>The gateway beside nginx and HAProxy: same backend, same limit, same caller, in one run.</summary>
internal static class GatewayBenchmark
{
    private const int BackendPort = 5460;
    private const int NginxPort = 5461;
    private const int HaproxyPort = 5462;
    private const int GatewayPort = 5463;
    private const int Connections = 64;
    private const int WarmUp = 3;
    private const int Rounds = 3;
    private const string Host = "bench.local";

    /// <summary>
    /// nginx and HAProxy stay, idle, while the gateways are measured: every round asks all of them one after the other, so that whatever else the machine
    /// does meets all of them. Of the rounds the median counts.
    /// </summary>
    public static async Task RunAsync(IReadOnlyList<int> routes, int seconds, CancellationToken cancellationToken)
    {
        using var backend = NginxProcess.Backend(BackendPort);
        using var nginx = NginxProcess.Proxy(NginxPort, BackendPort);
        using var haproxy = HaproxyProcess.Proxy(HaproxyPort, BackendPort);
        var contenders = new List<(string Name, Uri Address)> { ("nginx", Address(NginxPort, 0)), ("HAProxy", Address(HaproxyPort, 0)) };
        var gateways = new List<MeasuredGateway>();
        try
        {
            foreach (var number in routes)
            {
                var port = GatewayPort + gateways.Count;
                gateways.Add(await MeasuredGateway.StartAsync(port, BackendPort, number, cancellationToken));
                contenders.Add(($"gateway, {number} of each", Address(port, number / 2)));
            }

            foreach (var (_, address) in contenders)
            {
                await WarmUpAsync(address, cancellationToken);
            }

            var runs = contenders.Select(static _ => new List<WrkRun>()).ToList();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var ((_, address), own) in contenders.Zip(runs))
                {
                    own.Add(await WrkRun.MeasureAsync(address, Host, Connections, seconds, cancellationToken));
                }
            }

            var medians = runs.Select(WrkRun.Median).ToList();
            foreach (var ((name, _), run) in contenders.Zip(medians))
            {
                Print(name, run, medians[0]);
            }

            var (few, many) = (medians[2], medians[^1]);
            await WriteAsync($"  {routes[^1]} of each against {routes[0]}: throughput {many.PerSecond / few.PerSecond:0.00}x, p99 {many.P99 / few.P99:0.00}x");
            foreach (var (gateway, number) in gateways.Zip(routes))
            {
                await EffectsAsync($"of {number} of each, a new route", i => gateway.AddRouteAsync(number + i, cancellationToken));
                await EffectsAsync($"of {number} of each, a changed limit", i => gateway.ChangeLimitAsync(i % number, 1_000_000 + i, cancellationToken));
            }
        }
        finally
        {
            foreach (var gateway in gateways)
            {
                await gateway.DisposeAsync();
            }
        }
    }

    /// <summary>Until it is no longer getting faster: code that is compiled while it runs takes a different number of requests on every machine.</summary>
    private static async Task WarmUpAsync(Uri address, CancellationToken cancellationToken)
    {
        await OpenAsync(address.Port, cancellationToken);
        var (best, withoutGain) = (0.0, 0);
        while (withoutGain < 2)
        {
            var run = await WrkRun.MeasureAsync(address, Host, Connections, WarmUp, cancellationToken);
            withoutGain = run.PerSecond > best * 1.05 ? 0 : withoutGain + 1;
            best = Math.Max(best, run.PerSecond);
        }
    }

    private static Uri Address(int port, int route) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/route/{route}/x"));

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
