using System.Diagnostics;
using System.Globalization;
using System.Text;
using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Tiles;
using Compliance.Audit.Verification;

namespace Performance;

/// <summary>What evidence costs: proofs, an export, its verification.</summary>
internal static class ProofRun
{
    private const int Proofs = 10_000;

    public static async Task RunAsync(int rows, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("dabbawala-proofs").FullName;
        try
        {
            var key = NoteSigner.Generate("measured/log");
            using var log = await MeasuredLog.GrowAsync(Path.Combine(folder, "entries"), rows, cancellationToken);
            var checkpoint = new Checkpoint("measured/log", rows, log.Root).Sign(key).ToString();
            Say($"log of {rows:N0} entries, {new FileInfo(Path.Combine(folder, "entries")).Length / 1e6:N0} MB; memory before {Memory()}");

            var tree = new TiledTree(log, rows);
            await TimeAsync("inclusion proofs from tiles, random", Proofs, async () =>
            {
                var random = new Random(1);
                for (var i = 0; i < Proofs; i++)
                {
                    await tree.ProveInclusionAsync(random.NextInt64(rows), cancellationToken);
                }
            });
            var request = new ExportRequest { Query = new AuditQuery(), ExporterId = "bench", SoftwareVersion = "0", Checkpoint = checkpoint };
            var package = Path.Combine(folder, "package");
            await TimeAsync("export with CSV, XLSX, PDF and manifests", rows, () => ExportPackageWriter.WriteAsync(request, log, new ExportKeys(key, []), package, null, cancellationToken));
            await TimeAsync("offline verification of the export", rows, async () =>
            {
                using var files = PackageFiles.Open(package);
                var report = await PackageVerifier.VerifyAsync(files, new PackageTrust(key.Verifier), null, cancellationToken);
                Say(report.Passed ? "PASS" : $"FAIL {report.Failure}");
            });
            foreach (var file in Directory.GetFiles(Path.Combine(package, "data")))
            {
                Say($"  {Path.GetFileName(file)} {new FileInfo(file).Length / 1e6:N1} MB");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TimeAsync(string what, int count, Func<Task> run)
    {
        var clock = Stopwatch.StartNew();
        await run();
        Say($"{what}: {clock.Elapsed.TotalSeconds:N1} s, {count / clock.Elapsed.TotalSeconds:N0}/s; peak memory so far {Memory()}");
    }

    private static string Memory()
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"{process.PeakWorkingSet64 / 1e6:N0} MB");
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Say(string text) => Console.WriteLine(text);
}
