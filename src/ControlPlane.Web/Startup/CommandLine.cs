using System.CommandLine;
using ControlPlane.Api.Hosting;

namespace ControlPlane.Web.Startup;

/// <summary>The options of the program.</summary>
internal static class CommandLine
{
    public static RootCommand Create(Func<HostSettings, CancellationToken, Task<int>> run)
    {
        var roles = new Option<string>("--roles")
        {
            Description = "What this process does: any of console, api, operators.",
            DefaultValueFactory = static _ => "console,api,operators",
        };
        roles.Validators.Add(static result =>
        {
            if (ParseRoles(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError("--roles takes a comma-separated list of console, api and operators.");
            }
        });
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Kubeconfig of a real cluster. Without it: the cluster that the process runs in, else the embedded one." };
        var context = new Option<string?>("--context") { Description = "Context of the kubeconfig. Default: its current one." };
        var data = new Option<string>("--data") { Description = "Directory of all local state.", DefaultValueFactory = static _ => ".local" };
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses of console and API.",
            DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("ASPNETCORE_URLS") ?? "http://127.0.0.1:5080",
        };
        var clusterPort = new Option<int>("--cluster-port") { Description = "Loopback port of the embedded Kubernetes API; 0 for any that is free.", DefaultValueFactory = static _ => 5081 };
        var nodeAgent = new Option<bool>("--node-agent") { Description = "Run simulated nodes with the sample services on them, and the gateway, on a real cluster that has no nodes." };
        var bareCluster = new Option<bool>("--bare-cluster") { Description = "Embedded cluster without workload controllers, nodes and example fleet: for measurements." };
        var publicUrl = new Option<Uri?>("--public-url") { Description = "Address under which browsers reach the console, where it is another than it listens on." };
        var signInLink = new Option<bool>("--sign-in-link") { Description = "Print a one-time link to sign in as admin, and end. Works while the server runs, with the same --data." };
        var systemNamespace = new Option<string>("--system-namespace")
        {
            Description = "Namespace of the control plane's own Lease, on a real cluster.",
            DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("POD_NAMESPACE") ?? "dabbawala-system",
        };

        var command = new RootCommand("Dabbawala: the control plane of a service fleet.") { roles, kubeconfig, context, data, urls, clusterPort, nodeAgent, bareCluster, publicUrl, signInLink, systemNamespace };
        command.Validators.Add(result =>
        {
            if (result.GetValue(bareCluster) && result.GetValue(nodeAgent))
            {
                result.AddError("--bare-cluster leaves nodes out, and --node-agent runs them: give one of the two.");
            }
        });
        command.SetAction((result, cancellationToken) => run(
            new HostSettings
            {
                Roles = ParseRoles(result.GetValue(roles)) ?? ControlPlaneRoles.All,
                Kubeconfig = result.GetValue(kubeconfig),
                Context = result.GetValue(context),
                DataDirectory = Path.GetFullPath(result.GetValue(data)!),
                Urls = result.GetValue(urls)!,
                ClusterPort = result.GetValue(clusterPort),
                NodeAgent = result.GetValue(nodeAgent),
                BareCluster = result.GetValue(bareCluster),
                PostgreSql = Environment.GetEnvironmentVariable("DABBAWALA_POSTGRES"), // not an option: arguments of a process can be read by others
                PublicUrl = result.GetValue(publicUrl),
                SignInLink = result.GetValue(signInLink),
                SystemNamespace = result.GetValue(systemNamespace)!,
            },
            cancellationToken));
        return command;
    }

    private static ControlPlaneRoles? ParseRoles(string? text)
    {
        var roles = ControlPlaneRoles.None;
        foreach (var name in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Enum.TryParse<ControlPlaneRoles>(name, ignoreCase: true, out var role) || !char.IsLetter(name[0]))
            {
                return null;
            }

            roles |= role;
        }

        return roles == ControlPlaneRoles.None ? null : roles;
    }
}
