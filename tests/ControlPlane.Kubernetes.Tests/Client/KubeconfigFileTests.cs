using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ControlPlane.Kubernetes.Client;
using k8s.Exceptions;
using YamlDotNet.Core;

namespace ControlPlane.Kubernetes.Tests.Client;

public sealed class KubeconfigFileTests : IDisposable
{
    private const string TwoClusters = """
        apiVersion: v1
        kind: Config
        preferences: {colors: true}
        clusters:
        - {name: near, cluster: {server: "http://127.0.0.1:5081", proxy-url: "", x-of-somebody: 1}}
        - name: far
          cluster:
            server: https://far.example:6443
            certificate-authority: pki/ca.crt
        users:
        - {name: someone, user: {token: of-someone}}
        - name: plugin
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: issue-token
              args: [--cluster, near]
              env: [{name: REGION, value: ap-south-1}]
              interactiveMode: Never
        contexts:
        - {name: near, context: {cluster: near}}
        - {name: far, context: {cluster: far, user: someone, namespace: shop}}
        - {name: executed, context: {cluster: near, user: plugin}}
        current-context: near
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dabbawala-kubeconfig-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void The_current_context_counts_unless_another_is_asked_for()
    {
        WriteAuthority();
        var file = Write(TwoClusters);

        Assert.Equal("http://127.0.0.1:5081", KubeconfigFile.Read(file, context: null).Host);
        var far = KubeconfigFile.Read(file, "far");
        Assert.Equal(("https://far.example:6443", "of-someone", "shop"), (far.Host, far.AccessToken, far.Namespace));
    }

    [Fact]
    public void Paths_in_the_file_are_relative_to_it()
    {
        WriteAuthority();

        var far = KubeconfigFile.Read(Write(TwoClusters), "far");

        Assert.Equal("CN=authority", Assert.Single(far.SslCaCerts).Subject);
    }

    /// <summary>Running it is KubernetesClient's part, which loses the answer of a plugin that is quicker than its reader: no test can rely on that.</summary>
    [Fact]
    public void A_plugin_for_tokens_is_read_with_its_arguments_and_variables()
    {
        var plugin = KubeconfigFile.Parse(Write(TwoClusters)).Users.Single(user => user.Name == "plugin").UserCredentials.ExternalExecution;

        Assert.Equal(("client.authentication.k8s.io/v1", "issue-token"), (plugin.ApiVersion, plugin.Command));
        Assert.Equal(["--cluster", "near"], plugin.Arguments);
        Assert.Equal(("REGION", "ap-south-1"), (plugin.EnvironmentVariables[0]["name"], plugin.EnvironmentVariables[0]["value"]));
    }

    [Fact]
    public void A_file_that_leads_to_no_cluster_is_an_error_that_says_so()
    {
        Assert.Throws<KubeConfigException>(() => KubeconfigFile.Read(Write(""), context: null));
        Assert.Contains("nowhere", Assert.Throws<KubeConfigException>(() => KubeconfigFile.Read(Write(TwoClusters), "nowhere")).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<YamlException>(() => KubeconfigFile.Read(Write("clusters: {]"), context: null));
        Assert.ThrowsAny<IOException>(() => KubeconfigFile.Read(Path.Combine(_directory.FullName, "missing"), context: null));
    }

    private string Write(string text)
    {
        var file = Path.Combine(_directory.FullName, "kubeconfig");
        File.WriteAllText(file, text);
        return file;
    }

    private void WriteAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "pki"));
        File.WriteAllText(Path.Combine(_directory.FullName, "pki", "ca.crt"), certificate.ExportCertificatePem());
    }
}
