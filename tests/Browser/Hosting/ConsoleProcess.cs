using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Browser.Hosting;

/// <summary>The whole program as people start it: console, API, operators and embedded cluster, with ports and data of its own.</summary>
internal sealed class ConsoleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly string _data = Directory.CreateTempSubdirectory("dabbawala-browser-").FullName;

    private ConsoleProcess()
    {
        var port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}/");
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "ControlPlane.Web", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "ControlPlane.Web.dll"));
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [program, "--data", _data, "--urls", Address.ToString(), "--cluster-port", "0"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
    }

    /// <summary>Address of the console.</summary>
    public Uri Address { get; }

    /// <summary>Kubeconfig of the embedded cluster.</summary>
    public string Kubeconfig => Path.Combine(_data, "kubeconfig");

    /// <summary>The one-time link that the program printed.</summary>
    public Uri SignInLink => _output.Select(line => line.Trim()).FirstOrDefault(line => line.Contains("/sign-in?token=", StringComparison.Ordinal)) is { } link
        ? new Uri(link)
        : throw new InvalidOperationException($"no sign-in link was printed:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}");

    /// <summary>The API token that the program left for scripts.</summary>
    public string AdminToken => File.ReadAllText(Path.Combine(_data, "admin.token")).Trim();

    /// <summary>Starts the program and waits until it follows its cluster.</summary>
    public static async Task<ConsoleProcess> StartAsync()
    {
        var console = new ConsoleProcess();
        try
        {
            console._process.Start();
            console._process.BeginOutputReadLine();
            console._process.BeginErrorReadLine();
            await console.ReadyAsync();
            return console;
        }
        catch
        {
            await console.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_data, recursive: true);
        await File.WriteAllLinesAsync(Artifacts.PathOf("host.log"), _output);
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var patience = new CancellationTokenSource(Patience);
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            while (!await IsReadyAsync(http, patience.Token))
            {
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"the program ended with {_process.ExitCode}:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}");
                }

                await again.WaitForNextTickAsync(patience.Token);
            }

            while (!_output.Any(line => line.Contains("/sign-in?token=", StringComparison.Ordinal)))
            {
                await again.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"the program was not ready after {Patience}:{Environment.NewLine}{string.Join(Environment.NewLine, _output)}", e);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync("healthz/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _output.Enqueue(text);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
