using System.Net;
using System.Net.Sockets;
using ControlPlane.Api.Hosting;
using ControlPlane.Web.Startup;

namespace ControlPlane.Web.Tests.Startup;

public sealed class HostRunnerTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dabbawala-startup-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task An_address_in_use_ends_the_start_with_a_word_and_not_with_an_exception()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var code = await HostRunner.RunAsync(
            new HostSettings
            {
                Roles = ControlPlaneRoles.Api,
                DataDirectory = _data.FullName,
                Urls = $"http://{other.LocalEndpoint}",
                BareCluster = true,
                SystemNamespace = "default",
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
    }
}
