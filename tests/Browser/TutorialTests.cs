using System.Diagnostics;
using System.Text.RegularExpressions;
using Browser.Hosting;

namespace Browser;

/// <summary>What tutorials say is what happens.</summary>
public sealed partial class TutorialTests(ConsoleFixture console)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_broken_image_is_rolled_back_as_the_tutorial_of_canaries_says()
    {
        var printed = await ReplayAsync("canary.md");

        Assert.Contains("RolledBack: order: an instance of the canary won't start: ", printed, StringComparison.Ordinal);
        Assert.Contains("fleet/order:1.0.0 3/3", printed, StringComparison.Ordinal);
        Assert.Contains("order: fleet/order:missing is declared, and users have fleet/order:1.0.0", printed, StringComparison.Ordinal);
    }

    /// <summary>Runs every block of commands, one after the other in one shell; fails with the first command that does.</summary>
    private async Task<string> ReplayAsync(string tutorial)
    {
        Assert.SkipWhen(ConsoleFixture.Missing is not null, ConsoleFixture.Missing ?? "");
        Assert.SkipUnless(Kubectl.IsInstalled, "kubectl is not on PATH; with it, tutorials are replayed");
        var blocks = Blocks().Matches(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "tutorials", tutorial))).Select(static match => match.Groups["commands"].Value);
        var script = $"set -eu\nshopt -s expand_aliases\n{string.Concat(blocks)}".Replace(".local/kubeconfig", console.Kubeconfig, StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(patience.Token), shell.StandardError.ReadToEndAsync(patience.Token));
        await shell.StandardInput.WriteAsync(script.AsMemory(), patience.Token);
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(patience.Token);
        Assert.True(shell.ExitCode == 0, $"{await output}\n{await errors}");
        return await output;
    }

    [GeneratedRegex("^```sh\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks();
}
