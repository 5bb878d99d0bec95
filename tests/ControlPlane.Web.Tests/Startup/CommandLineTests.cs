using ControlPlane.Api.Hosting;
using ControlPlane.Web.Startup;

namespace ControlPlane.Web.Tests.Startup;

public class CommandLineTests
{
    [Fact]
    public async Task Without_options_everything_runs_on_the_embedded_cluster()
    {
        var settings = await RunAsync();

        Assert.NotNull(settings);
        Assert.Equal(ControlPlaneRoles.All, settings.Roles);
        Assert.Null(settings.Kubeconfig);
        Assert.Equal(5081, settings.ClusterPort);
        Assert.Equal(".local", Path.GetFileName(settings.DataDirectory));
        Assert.True(Path.IsPathFullyQualified(settings.DataDirectory));
    }

    [Fact]
    public async Task Roles_are_what_is_named_and_no_more() =>
        Assert.Equal(ControlPlaneRoles.Console | ControlPlaneRoles.Api, (await RunAsync("--roles", "console, api"))!.Roles);

    [Theory]
    [InlineData("webserver")]
    [InlineData("console,webserver")]
    [InlineData("7")]
    [InlineData("")]
    public async Task A_role_that_there_is_not_starts_nothing(string roles) => Assert.Null(await RunAsync("--roles", roles));

    [Fact]
    public async Task An_option_that_there_is_not_starts_nothing() => Assert.Null(await RunAsync("--rolez", "api"));

    [Fact]
    public async Task A_kubeconfig_is_taken_with_its_context()
    {
        var settings = await RunAsync("--kubeconfig", "/etc/kube/config", "--context", "production");

        Assert.Equal(("/etc/kube/config", "production"), (settings!.Kubeconfig, settings.Context));
    }

    [Fact]
    public async Task A_bare_cluster_has_no_nodes_and_so_takes_no_node_agent()
    {
        Assert.Null(await RunAsync("--bare-cluster", "--node-agent"));
        Assert.True((await RunAsync("--bare-cluster"))!.BareCluster);
    }

    /// <summary>The settings that a command line starts the program with; null when it starts nothing.</summary>
    private static async Task<HostSettings?> RunAsync(params string[] arguments)
    {
        HostSettings? started = null;
        var command = CommandLine.Create((settings, _) =>
        {
            started = settings;
            return Task.FromResult(0);
        });
        var output = new System.CommandLine.InvocationConfiguration { Output = TextWriter.Null, Error = TextWriter.Null };
        var exitCode = await command.Parse(arguments).InvokeAsync(output, TestContext.Current.CancellationToken);
        Assert.Equal(started is null, exitCode != 0);
        return started;
    }
}
