using System.Diagnostics;
using System.Globalization;
using Compliance.Audit;
using ControlPlane.Api.Audit.Storage.Sqlite;

namespace ControlPlane.Api.Tests.Audit.Storage;

public sealed class KilledWriterTests : IDisposable
{
    private const int Kills = 10;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-killed-");
    private readonly Dictionary<long, (Guid Id, string Leaf)> _acknowledged = [];

    [Fact]
    public async Task A_writer_that_is_killed_again_and_again_loses_nothing_that_it_acknowledged()
    {
        for (var i = 0; i < Kills; i++)
        {
            await WriteUntilKilledAsync(new Random(i).Next(1, 400));
        }

        await using var log = await TestLog.OpenAsync(new SqliteAuditStore(Path.Combine(_directory.FullName, "audit.db")));
        var stored = await log.Reader.ReadAsync(0, long.MaxValue, TestContext.Current.CancellationToken).ToDictionaryAsync(
            static e => e.Index, static e => TreeHash.OfLeaf(e.Bytes.Span).ToString(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(_acknowledged.Count >= Kills);
        Assert.All(_acknowledged, entry => Assert.Equal(entry.Value.Leaf, stored[entry.Key]));
        Assert.Equal(log.Reader.Size, stored.Count);
        Assert.Empty((await log.CheckAsync()).Findings);
        Assert.Empty(log.Alarms.Raised);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>Kills the writer after so many lines; it can be anywhere in a batch or a checkpoint then.</summary>
    private async Task WriteUntilKilledAsync(int lines)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "AuditWriter", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "AuditWriter.dll");
        using var writer = Process.Start(new ProcessStartInfo("dotnet", [program, _directory.FullName]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        for (var read = 0; read < lines; read++)
        {
            Note(await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("the writer ended by itself"));
        }

        writer.Kill();
        while (await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            Note(line);
        }

        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private void Note(string line)
    {
        var parts = line.Split(' ');
        if (parts is [var index, var id, { Length: 64 } leaf]) // a line that the kill cut off was not told whole
        {
            _acknowledged.Add(long.Parse(index, CultureInfo.InvariantCulture), (Guid.Parse(id), leaf));
        }
    }
}
