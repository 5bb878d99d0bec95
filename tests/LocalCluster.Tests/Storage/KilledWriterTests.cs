using System.Diagnostics;
using System.Globalization;
using LocalCluster.Storage;

namespace LocalCluster.Tests.Storage;

/// <summary>
/// Kills a process that writes, again and again, and looks whether everything that it was told is stored is there. The process is this
/// very program: with the variable set it writes instead of testing.
/// </summary>
public sealed class KilledWriterTests : IDisposable
{
    private const string StoreVariable = "LOCALCLUSTER_TEST_WRITER";
    private const int Rounds = 8;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("localcluster-");

    private string File => Path.Combine(_directory.FullName, "cluster.db");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Everything_acknowledged_survives_kill_9()
    {
        var acknowledged = new Dictionary<string, long>();
        var random = new Random(42);
        for (var round = 0; round < Rounds; round++)
        {
            await WriteUntilKilledAsync(acknowledged, lines: random.Next(50, 2000));
            await using var store = new ObjectStore(new SqliteJournal(File));
            foreach (var (name, version) in acknowledged)
            {
                var stored = store.Current.Find("configmaps", new("default", name));
                Assert.True(stored?.ResourceVersion >= version, $"{name} was acknowledged at {version} and is at {stored?.ResourceVersion}");
            }
        }
    }

    private async Task WriteUntilKilledAsync(Dictionary<string, long> acknowledged, int lines)
    {
        using var writer = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { [StoreVariable] = File },
        })!;
        for (var read = 0; read < lines; read++)
        {
            var line = await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var parts = line!.Split(' ');
            acknowledged[parts[0]] = long.Parse(parts[1], CultureInfo.InvariantCulture);
        }

        writer.Kill();
        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Writes for ever if the process was started for that.</summary>
    internal static async Task WriteIfAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(StoreVariable) is { } file)
        {
            await WriteForEverAsync(file);
        }
    }

    private static async Task WriteForEverAsync(string file)
    {
        await using var store = new ObjectStore(new SqliteJournal(file));
        for (var round = 0; ; round++)
        {
            var written = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.PutAsync(Objects.New($"o{i}", data: $"{round}"))));
            foreach (var obj in written)
            {
                Console.WriteLine($"{obj.Key.Name} {obj.ResourceVersion}");
            }
        }
    }
}
