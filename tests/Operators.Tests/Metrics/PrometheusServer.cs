using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Operators.Tests.Metrics;

/// <summary>A real Prometheus, over samples that a test wrote: it scrapes nobody, and so its answers are always the same.</summary>
internal sealed partial class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _directory;

    private PrometheusServer(Process process, string directory, Uri address) => (_process, _directory, Address) = (process, directory, address);

    public Uri Address { get; }

    /// <summary>Starts it; the test is skipped where there is none, and says how to get one.</summary>
    /// <param name="openMetrics">Samples with their times, in the OpenMetrics text format.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<PrometheusServer> StartAsync(string openMetrics, CancellationToken cancellationToken)
    {
        Promtool.SkipWhereMissing("prometheus");
        Promtool.SkipWhereMissing("promtool");
        var directory = Directory.CreateTempSubdirectory("prometheus-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "samples.txt"), openMetrics, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(directory, "prometheus.yml"), "global: {}\n", cancellationToken);
        await Promtool.RunAsync(["tsdb", "create-blocks-from", "openmetrics", "samples.txt", "data"], directory, cancellationToken);
        var process = Process.Start(new ProcessStartInfo("prometheus", ["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:0"])
        {
            WorkingDirectory = directory,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (Listening.Match(line.Data ?? "") is { Success: true } match)
            {
                address.TrySetResult(new Uri($"http://{match.Groups["address"].Value}"));
            }

            if (line.Data?.Contains("Server is ready to receive web requests", StringComparison.Ordinal) is true)
            {
                ready.TrySetResult();
            }

            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException("prometheus ended before it was ready"));
            }
        };
        process.BeginErrorReadLine();
        var server = new PrometheusServer(process, directory, new Uri("http://127.0.0.1"));
        try
        {
            await ready.Task.WaitAsync(Patience, cancellationToken);
            return new PrometheusServer(process, directory, await address.Task.WaitAsync(Patience, cancellationToken));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [GeneratedRegex("""msg="Listening on" address=(?<address>\S+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening { get; }
}
