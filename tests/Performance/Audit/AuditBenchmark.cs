using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Sequencing;
using ControlPlane.Api.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Performance.Audit;

/// <summary>Measures the audit log on SQLite against a bare insert of the same bytes and against the disk's own fsync.</summary>
internal static class AuditBenchmark
{
    private const int BatchEvents = 1000;
    private const string Origin = "benchmark.dabbawala/log";

    /// <summary>Shared by all events: to make it is the caller's work, not the log's.</summary>
    private static readonly JsonObject After = new() { ["amount"] = 129900, ["currency"] = "INR", ["method"] = "upi", ["state"] = "captured" };

    public static async Task RunAsync(string directory, int events, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var fsync = DiskRate.FsyncSeconds(directory, 300);
        MeasuredRun.Say("4 KiB write + fsync", Milliseconds(fsync), $"{1 / fsync:0}/s");

        var data = Path.Combine(directory, $"audit-{Guid.NewGuid():N}");
        await using var provider = Services(data);
        var host = provider.GetRequiredService<AuditLogHost>();
        await ((IHostedLifecycleService)host).StartingAsync(cancellationToken);
        var log = provider.GetRequiredService<AuditSequencer>(); // behind the door that takes addresses out of declarations
        await BatchesAsync(log, events, data, fsync, cancellationToken);
        foreach (var callers in (int[])[1, 16, 256])
        {
            await GroupCommitAsync(log, callers, fsync, cancellationToken);
        }

        MeasuredRun.Say("peak memory", $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
        await SearchAsync(provider.GetRequiredService<IAuditReader>(), cancellationToken);
        await ((IHostedLifecycleService)host).StoppedAsync(cancellationToken);
        Directory.Delete(data, recursive: true);
    }

    private static async Task BatchesAsync(AuditSequencer log, int events, string data, double fsync, CancellationToken cancellationToken)
    {
        await log.AppendAsync(Batch(0), cancellationToken); // warm
        var next = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await Task.Yield();
            while (Interlocked.Add(ref next, BatchEvents) <= events)
            {
                await log.AppendAsync(Batch(next), cancellationToken);
            }
        }));
        var seconds = clock.Elapsed.TotalSeconds;
        var bytes = Batch(0).Select(Entry).ToList();
        var bare = DiskRate.BareInsertsPerSecond(Path.Combine(data, "bare.db"), bytes, events);
        MeasuredRun.Say($"{events} events in batches of {BatchEvents}, {bytes[0].Length} bytes each", $"{events / seconds:0}/s", $"bare SQLite insert {bare:0}/s", $"ratio {events / seconds / bare:0.00}", $"{events / seconds * fsync:0.0} events for each fsync that the disk can do");
    }

    private static async Task GroupCommitAsync(AuditSequencer log, int callers, double fsync, CancellationToken cancellationToken)
    {
        var each = Math.Max(8, 400 / callers);
        List<double>[] latencies = [.. Enumerable.Range(0, callers).Select(static _ => new List<double>())];
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(latencies.Select(async mine =>
        {
            await Task.Yield();
            for (var i = 0; i < each; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await log.AppendAsync([Event(i)], cancellationToken);
                mine.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }));
        var all = latencies.SelectMany(static l => l).Order().ToList();
        var median = all[all.Count / 2];
        MeasuredRun.Say(
            $"{callers} callers, one event each", $"{all.Count / clock.Elapsed.TotalSeconds:0}/s", $"median {Milliseconds(median)}", $"p99 {Milliseconds(all[all.Count * 99 / 100])}", $"median / fsync {median / fsync:0.00}");
    }

    private static async Task SearchAsync(IAuditReader reader, CancellationToken cancellationToken)
    {
        foreach (var (name, query) in ((string, AuditQuery)[])[("one object", new AuditQuery { ObjectName = "service-17" }), ("actor and outcome", new AuditQuery { Actor = "user-3", Outcome = AuditOutcome.Succeeded }), ("nothing", new AuditQuery { Actor = "nobody" })])
        {
            var clock = Stopwatch.StartNew();
            var found = await reader.SearchAsync(query, null, 50, cancellationToken);
            MeasuredRun.Say($"page of {reader.Size} entries by {name}", $"{found.Count} found", Milliseconds(clock.Elapsed.TotalSeconds));
        }
    }

    private static AuditEvent[] Batch(int seed) => [.. Enumerable.Range(seed, BatchEvents).Select(Event)];

    private static AuditEvent Event(int i) => new()
    {
        Id = Guid.CreateVersion7(),
        Source = "shop/checkout",
        OccurredAt = TimeProvider.System.GetUtcNow(),
        Actor = new AuditActor(AuditActorKind.Workload, string.Create(CultureInfo.InvariantCulture, $"user-{i % 50}"), "rest"),
        Action = "payments.capture",
        Object = new AuditObject("Payment", "shop", string.Create(CultureInfo.InvariantCulture, $"service-{i % 6000}")),
        CorrelationId = string.Create(CultureInfo.InvariantCulture, $"request-{i / 4}"),
        Frameworks = ["RBI"],
        After = After,
    };

    private static byte[] Entry(AuditEvent e) => new Compliance.Audit.Entries.AuditEntryWriter("benchmark").Prepare(e, 0, e.OccurredAt).Bytes;

    private static string Milliseconds(double seconds) => $"{seconds * 1000:0.00} ms";

    private static ServiceProvider Services(string data)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ICheckpointSigner>(new KeySigner(NoteSigner.Generate(Origin)));
        services.AddAuditLog(new AuditStoreOptions { DataDirectory = data }, new AuditLogOptions { Origin = Origin });
        return services.BuildServiceProvider();
    }

    private sealed class KeySigner(NoteSigner key) : ICheckpointSigner
    {
        public string Key => key.Verifier.ToString();

        public string Sign(long size, TreeHash root, DateTimeOffset at) => new Checkpoint(key.Verifier.Name, size, root).Sign(key).ToString();
    }
}
