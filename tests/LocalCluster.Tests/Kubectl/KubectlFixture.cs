using System.Diagnostics;
using LocalCluster.Tests.Kubectl;
using LocalCluster.Tests.Testing;

[assembly: AssemblyFixture(typeof(KubectlFixture))]

namespace LocalCluster.Tests.Kubectl;

/// <summary>What a run of kubectl ended with.</summary>
internal sealed record KubectlRun(int ExitCode, string Output, string Error);

/// <summary>A cluster for kubectl, which finds it by the kubeconfig that the cluster writes.</summary>
public sealed class KubectlFixture : IAsyncLifetime
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kubectl-");
    private LocalClusterServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalClusterServer.StartAsync(new LocalClusterOptions { DataDirectory = _directory.FullName, Port = 0 });
        if (IsInstalled)
        {
            await OkAsync(["apply", "--server-side", "-f", RepositoryFiles.PathOf("manifests", "crds", "managedservices.yaml")]);
            await OkAsync(["wait", "--for=condition=Established", "crd/managedservices.fleet.dabbawala.dev"]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _directory.Delete(recursive: true);
    }

    /// <summary>Runs kubectl in a namespace, which must succeed.</summary>
    /// <returns>What it wrote to standard output.</returns>
    internal async Task<string> OkAsync(string[] arguments, string input = "")
    {
        var run = await RunAsync(arguments, input);
        Assert.True(run.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {run.Error}{run.Output}");
        return run.Output;
    }

    /// <summary>Runs kubectl.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="editor">The program that <c>kubectl edit</c> is to run.</param>
    internal async Task<KubectlRun> RunAsync(string[] arguments, string input = "", string? editor = null)
    {
        using var kubectl = Start(arguments, editor);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(LongestRun);
        try
        {
            await kubectl.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            kubectl.StandardInput.Close();
            var output = kubectl.StandardOutput.ReadToEndAsync(patience.Token);
            var error = kubectl.StandardError.ReadToEndAsync(patience.Token);
            return new KubectlRun(await ExitCodeAsync(kubectl, patience.Token), await output, await error);
        }
        catch (OperationCanceledException e)
        {
            kubectl.Kill();
            throw new TimeoutException($"kubectl {string.Join(' ', arguments)} did not end", e);
        }
    }

    /// <summary>True when there is a kubectl.</summary>
    internal static bool IsInstalled { get; } = Array.Exists(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), folder => File.Exists(Path.Combine(folder, "kubectl")));

    /// <summary>Starts kubectl.</summary>
    internal Process Start(string[] arguments, string? editor = null)
    {
        var start = new ProcessStartInfo("kubectl", arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory.FullName,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(_directory.FullName, "kubeconfig");

        // What kubectl remembers of this cluster goes with it.
        start.Environment["HOME"] = _directory.FullName;
        start.Environment["KUBE_EDITOR"] = editor;
        return Process.Start(start)!;
    }

    private static async Task<int> ExitCodeAsync(Process process, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }
}
