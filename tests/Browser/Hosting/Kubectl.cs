using System.Diagnostics;

namespace Browser.Hosting;

/// <summary>The user's own tool, on the embedded cluster.</summary>
internal sealed class Kubectl(string kubeconfig)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Whether there is one.</summary>
    public static readonly bool IsInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "kubectl")));

    /// <summary>Runs a command; what it reads is <paramref name="input"/>. A test that comes here without a kubectl is skipped.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(IEnumerable<string> arguments, string input = "")
    {
        Assert.SkipUnless(IsInstalled, "kubectl is not on PATH; with it, the console is tested against changes that people make outside of it");
        using var process = Process.Start(new ProcessStartInfo("kubectl", ["--kubeconfig", kubeconfig, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"kubectl {string.Join(' ', arguments)}: {await errors}");
        return await output;
    }

    /// <summary>Applies manifests.</summary>
    public Task<string> ApplyAsync(string manifests) => RunAsync(["apply", "-f", "-"], manifests);
}
