using System.Diagnostics;
using System.Globalization;
using ControlPlane.Kubernetes.Resources;

namespace Performance;

/// <summary>One number of services, from an empty server to a restarted operator.</summary>
internal static class MeasuredRun
{
    public static async Task RunAsync(MeasuredCluster cluster, int size, int samples, TimeSpan steady, CancellationToken cancellationToken)
    {
        Console.WriteLine($"\n{size} services, {MeasuredFleet.OwnedKinds.Count} objects each");
        var run = Guid.NewGuid().ToString("N")[..6];
        var (limitNs, fleetNs) = ($"limit-{run}", $"fleet-{run}");

        await cluster.DeclareAsync(limitNs, size, cancellationToken);
        var limit = await BareLoop.RunAsync(cluster, limitNs, cancellationToken);
        Say("limit: bare loop of applies", $"{limit.TotalSeconds:0.0} s", $"{size * (MeasuredFleet.OwnedKinds.Count + 1) / limit.TotalSeconds:0} writes/s");
        await cluster.CleanAsync(limitNs, cancellationToken);

        await cluster.DeclareAsync(fleetNs, size, cancellationToken);
        var process = OperatorProcess.StartOperators(cluster.Kubeconfig!);
        try
        {
            var convergence = await Convergence.WaitAsync(cluster, fleetNs, size, cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken); // the exporter answers from a memory of 300 ms
            var writes = await process.MetricAsync("applier_writes_total", cancellationToken);
            Say("operator: converge", $"{convergence.FromFirstWrite.TotalSeconds:0.0} s", $"{convergence.FromFirstWrite / limit:0.00}x of the limit", $"{convergence.FromStart.TotalSeconds:0.0} s from process start", $"{writes:0} writes");
            Say("operator: peak memory", $"{process.PeakMemory():0} MB");
            Say("operator: processor time", $"{process.ProcessorTime().TotalSeconds:0.0} s", $"{process.ProcessorTime().TotalMilliseconds / size:0.0} ms for each service");

            await MeasureSteadyAsync(process, steady, cancellationToken);
            await MeasureLatencyAsync(cluster, fleetNs, size, samples, cancellationToken);
            await process.StopAsync(cancellationToken);
            await process.DisposeAsync();

            process = await MeasureRestartAsync(cluster, size, cancellationToken);
        }
        finally
        {
            await process.DisposeAsync();
        }

        await cluster.CleanAsync(fleetNs, cancellationToken);
    }

    private static async Task MeasureSteadyAsync(OperatorProcess process, TimeSpan steady, CancellationToken cancellationToken)
    {
        var before = await process.MetricAsync("applier_writes_total", cancellationToken);
        await Task.Delay(steady, cancellationToken);
        var after = await process.MetricAsync("applier_writes_total", cancellationToken);
        Say($"operator: writes in the {steady.TotalSeconds:0} s after", $"{after - before:0}");
    }

    private static async Task MeasureLatencyAsync(MeasuredCluster cluster, string ns, int size, int samples, CancellationToken cancellationToken)
    {
        const string Raw = "raw-target";
        await using var latency = new Latency(cluster);
        await latency.StartAsync(cancellationToken);
        await RawTarget.CreateAsync(cluster, ns, Raw, cancellationToken);

        // In turn, so that a machine that gets slower does so for all of them. The drift is that of the service edited before, whose edit has been
        // reported by now: of one that was edited just now, it would wait for the status of that.
        List<TimeSpan> raw = [], edits = [], drifts = [];
        (ObjectKey Service, string Image)? settled = null;
        for (var i = 0; i <= samples; i++)
        {
            var service = new ObjectKey(ns, MeasuredFleet.NameOf(i % size));
            var version = i.ToString(CultureInfo.InvariantCulture);
            var image = $"example/service:2.{version}";
            raw.Add(await latency.RawAsync(new ObjectKey(ns, Raw), $"example/raw:{version}", cancellationToken));
            edits.Add(await latency.EditAsync(service, image, cancellationToken));
            if (settled is var (before, declared) && before != service)
            {
                drifts.Add(await latency.DriftAsync(before, declared, $"example/foreign:{version}", cancellationToken));
            }

            settled = (service, image);
        }

        Say("raw: patch → watch", Percentiles(raw));
        Say("operator: edit → object", Percentiles(edits), Ratios(edits, raw));
        Say("operator: drift → repaired", Percentiles(drifts), Ratios(drifts, raw));
    }

    private static async Task<OperatorProcess> MeasureRestartAsync(MeasuredCluster cluster, int size, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var process = OperatorProcess.StartOperators(cluster.Kubeconfig!);
        await process.WaitUntilReadyAsync(cancellationToken);
        var ready = clock.Elapsed;
        while (await process.MetricAsync("controller_runtime_reconcile_total", cancellationToken, "result=\"success\"") < size)
        {
            await Task.Delay(50, cancellationToken);
        }

        var writes = await process.MetricAsync("applier_writes_total", cancellationToken);
        Say("operator: restart on the converged fleet", $"{clock.Elapsed.TotalSeconds:0.0} s", $"caches filled after {ready.TotalSeconds:0.0} s", $"{writes:0} writes", $"{process.PeakMemory():0} MB");
        return process;
    }

    private static string Percentiles(List<TimeSpan> values) => $"p50 {At(values, 0.5):0.0}  p95 {At(values, 0.95):0.0}  p99 {At(values, 0.99):0.0} ms";

    private static string Ratios(List<TimeSpan> values, List<TimeSpan> raw) =>
        $"{At(values, 0.5) / At(raw, 0.5):0.0}x  {At(values, 0.95) / At(raw, 0.95):0.0}x  {At(values, 0.99) / At(raw, 0.99):0.0}x of raw";

    private static double At(List<TimeSpan> values, double quantile)
    {
        values.Sort();
        return values[Math.Min(values.Count - 1, (int)(values.Count * quantile))].TotalMilliseconds;
    }

    internal static void Say(string what, params string[] figures) => Console.WriteLine($"  {what,-42} {string.Join("   ", figures)}");
}
