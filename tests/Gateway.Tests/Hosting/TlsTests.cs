using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ControlPlane.Kubernetes.Resources;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

public sealed class TlsTests(RunningGateway gateway) : IClassFixture<RunningGateway>
{
    [Fact]
    public async Task A_listener_shows_the_certificate_of_its_host_and_takes_a_new_one_without_a_new_socket()
    {
        await gateway.ApplyAsync(Secret("cert-a", "a.secure.test"));
        await gateway.ApplyAsync(Secret("cert-b", "b.secure.test"));
        await gateway.ApplyAsync("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: secure}
            spec:
              gatewayClassName: dabbawala
              listeners:
              - {name: a, port: 8443, protocol: HTTPS, hostname: a.secure.test, tls: {certificateRefs: [{name: cert-a}]}}
              - {name: b, port: 8443, protocol: HTTPS, hostname: b.secure.test, tls: {certificateRefs: [{name: cert-b}]}}
            """);
        var address = "";
        await RunningGateway.UntilAsync(
            gateway.Caches.GatewayInformer,
            new ObjectKey(RunningGateway.Namespace, "secure"),
            item =>
            {
                address = item.Status is { Addresses: [{ Value: { } value }] } ? value : "";
                return item.Status?.Conditions.Any(condition => condition is { Type: "Programmed", Status: "True" }) == true;
            },
            "the Gateway was not programmed");

        Assert.Equal("CN=a.secure.test", await CertificateAsync(address, "a.secure.test"));
        Assert.Equal("CN=b.secure.test", await CertificateAsync(address, "b.secure.test"));
        await Assert.ThrowsAnyAsync<Exception>(() => CertificateAsync(address, "c.secure.test"));

        var key = new ObjectKey(RunningGateway.Namespace, "cert-a");
        var before = gateway.Caches.FindSecret(key)!.Metadata.ResourceVersion;
        await gateway.ApplyAsync(Secret("cert-a", "renewed.secure.test"));
        await RunningGateway.UntilAsync(gateway.Caches.SecretInformer, key, secret => secret.Metadata.ResourceVersion != before, "the gateway did not hear of the new certificate");
        await gateway.RouteAsync("after-the-renewal", "renewal.test", "[{filters: [{type: RequestRedirect, requestRedirect: {hostname: x.test}}]}]"); // what is planned later was swapped in later

        Assert.Equal("CN=renewed.secure.test", await CertificateAsync(address, "a.secure.test"));
    }

    [SuppressMessage("Security", "CA5359", Justification = "The test asks which certificate is shown, and trusts none.")]
    private static async Task<string> CertificateAsync(string address, string host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, 8443, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = static (_, _, _, _) => true, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
            TestContext.Current.CancellationToken);
        return tls.RemoteCertificate!.Subject;
    }

    private static string Secret(string name, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return $$$$"""
            apiVersion: v1
            kind: Secret
            type: kubernetes.io/tls
            metadata: {name: {{{{name}}}}}
            data: {tls.crt: {{{{Base64(certificate.ExportCertificatePem())}}}}, tls.key: {{{{Base64(key.ExportPkcs8PrivateKeyPem())}}}}}
            """;

        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }
}
