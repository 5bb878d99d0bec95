using Compliance.Audit;
using Compliance.Audit.Notes;
using Compliance.Audit.Packages;
using Compliance.Audit.Testing;

namespace Verifier.Tests;

public sealed class VerifierTests
{
    private static readonly MemoryLog Log = MemoryLog.Of(300);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_filtered_package_passes_and_says_what_it_can_not_show()
    {
        using var export = await Export.OfAsync(Log, new AuditQuery { Action = "manifests.*" });

        var (code, output) = await export.VerifyAsync();

        Assert.Equal(0, code);
        Assert.Contains("100 entries, byte for byte", output, StringComparison.Ordinal);
        Assert.Contains("that none was left out can't be seen", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_period_passes_and_its_proof_joins_the_older_checkpoint()
    {
        var query = new AuditQuery { From = new DateTimeOffset(2026, 11, 27, 0, 1, 0, TimeSpan.Zero), To = new DateTimeOffset(2026, 11, 27, 0, 2, 0, TimeSpan.Zero) };
        using var export = await Export.OfAsync(Log, query, older: Log.SignAt(17));

        var (code, output) = await export.VerifyAsync(older: Log.SignAt(17));

        Assert.Equal(0, code);
        Assert.Contains("entries 60 to 119 without a gap", output, StringComparison.Ordinal);
        Assert.Contains("the 17 entries that you knew of are unchanged among the 300", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_checkpoint_that_nothing_joins_leaves_it_unchecked()
    {
        using var export = await Export.OfAsync(Log, new AuditQuery { Action = "manifests.*" });

        var (code, output) = await export.VerifyAsync(older: Log.SignAt(5));

        Assert.Equal(2, code);
        Assert.Contains("ask for an export that is given your checkpoint", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_events_and_long_silences_are_told()
    {
        var log = new MemoryLog();
        foreach (var i in (int[])[0, 1, 2, 5, 200, 201])
        {
            log.Add(MemoryLog.Entry(i));
        }

        log.Sign();
        using var export = await Export.OfAsync(log);

        var (code, output) = await export.VerifyAsync();

        Assert.Equal(0, code);
        Assert.Contains("entry 3: console never told its events 4 to 5", output, StringComparison.Ordinal);
        Assert.Contains("entry 4: nothing was recorded between 2026-11-27 00:00:05 and 2026-11-27 00:03:20 UTC", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_zip_file_passes_as_the_folder_does()
    {
        using var export = await Export.OfAsync(Log);
        var zip = export.At("../package.zip");
        await using (var file = File.Create(zip))
        {
            await PackageArchive.WriteAsync(export.Folder, file, Cancellation);
        }

        Assert.Equal(0, (await export.VerifyAsync(package: zip)).Code);
    }

    [Fact]
    public async Task Another_key_a_bad_one_and_no_package_are_told_apart()
    {
        using var export = await Export.OfAsync(Log);

        Assert.Equal(1, (await export.VerifyAsync(key: NoteSigner.Generate(MemoryLog.Origin).Verifier)).Code);
        Assert.Equal(2, (await export.VerifyAsync(package: export.At("nowhere"))).Code);
        Assert.Equal(2, await Verification.RunAsync(new VerificationOptions(export.Folder, "no key", null, []), TextWriter.Null, Cancellation));
        Assert.Equal(2, await Verification.RunAsync(new VerificationOptions(export.Folder, MemoryLog.Key.Verifier.ToString(), null, ["no key"]), TextWriter.Null, Cancellation));
    }

    [Fact]
    public void The_verifier_knows_neither_web_nor_Kubernetes_nor_a_database()
    {
        var names = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(Path.GetFileNameWithoutExtension);
        var own = typeof(Verification).Assembly.GetReferencedAssemblies().Concat(typeof(ExportPackageWriter).Assembly.GetReferencedAssemblies()).Select(name => name.Name!);

        Assert.DoesNotContain(own.Concat(names), name => Foreign.Any(foreign => name!.StartsWith(foreign, StringComparison.Ordinal)));
    }

    private static readonly string[] Foreign =
        ["Microsoft.AspNetCore", "KubernetesClient", "Microsoft.EntityFrameworkCore", "Microsoft.Data", "Npgsql", "SQLitePCLRaw", "System.Net.Http", "System.Net.Sockets", "System.Data"];
}
