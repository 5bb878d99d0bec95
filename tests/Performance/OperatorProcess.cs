using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Performance;

/// <summary>The program under measurement, as a process of its own.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();
    private readonly string _data;

    private OperatorProcess(Process process, Uri address, Uri clusterAddress, string data)
    {
        _process = process;
        Address = address;
        ClusterAddress = clusterAddress;
        _data = data;
    }

    /// <summary>Where the program was built to: beside this one, in the same configuration.</summary>
    public static string ProgramDirectory { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "ControlPlane.Web", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))));

    public Uri Address { get; }

    public Uri ClusterAddress { get; }

    public string ClusterKubeconfig => Path.Combine(_data, "kubeconfig");

    /// <summary>Starts the operators alone on a cluster.</summary>
    public static OperatorProcess StartOperators(string kubeconfig) => Start("--roles", "operators", "--kubeconfig", kubeconfig, "--system-namespace", "default");

    /// <summary>Starts an embedded cluster without operators, workloads or example fleet.</summary>
    public static async Task<OperatorProcess> StartEmbeddedClusterAsync(CancellationToken cancellationToken)
    {
        var process = Start("--roles", "api", "--bare-cluster");
        await process.WaitUntilReadyAsync(cancellationToken);
        return process;
    }

    /// <summary>Waits until its caches are filled.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"the program ended with exit code {_process.ExitCode}");
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Sum of the samples of a metric whose labels contain all of these texts.</summary>
    public async Task<double> MetricAsync(string name, CancellationToken cancellationToken, params string[] labels)
    {
        var text = await _http.GetStringAsync(new Uri(Address, "/metrics"), cancellationToken);
        return text.Split('\n')
            .Where(line => line.StartsWith($"{name}{{", StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(line => line[(line.LastIndexOf("} ", StringComparison.Ordinal) + 2)..].Split(' ')[0])
            .Sum(value => double.Parse(value, CultureInfo.InvariantCulture));
    }

    /// <summary>Largest resident memory so far, in MB.</summary>
    public double PeakMemory()
    {
        var line = File.ReadLines($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Processor time so far: unlike the clock, it does not depend on what else the machine does.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>SIGTERM, as a cluster stops a pod: the lease is given back.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(Address, "/healthz/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static OperatorProcess Start(params string[] arguments)
    {
        var (port, clusterPort) = (FreePort(), FreePort());
        var data = Directory.CreateTempSubdirectory("dabbawala-performance-").FullName;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        string[] common =
        [
            Path.Combine(ProgramDirectory, "ControlPlane.Web.dll"),
            "--urls", $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}",
            "--cluster-port", clusterPort.ToString(CultureInfo.InvariantCulture),
            "--data", data,
        ];
        foreach (var argument in (string[])[.. common, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return new OperatorProcess(process, new Uri($"http://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{clusterPort}"), data);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
