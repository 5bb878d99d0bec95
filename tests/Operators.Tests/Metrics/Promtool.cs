using System.Diagnostics;

namespace Operators.Tests.Metrics;

/// <summary>Prometheus's own tool, from the Debian package <c>prometheus</c>.</summary>
internal static class Promtool
{
    /// <summary>Skips the test where a program is missing, and says how to get it.</summary>
    public static void SkipWhereMissing(string program)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Assert.Skip($"{program} is not installed: ./test.sh installs it, or apt-get install prometheus");
        }
    }

    /// <summary>Runs it; whatever it complains of fails the test.</summary>
    public static async Task RunAsync(IReadOnlyList<string> arguments, string directory, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"promtool {string.Join(' ', arguments)} says {await output}{await errors}");
    }
}
