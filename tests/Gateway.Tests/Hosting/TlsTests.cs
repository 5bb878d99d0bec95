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
        var address = await ProgrammedAsync("secure");

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

    [Theory]
    [InlineData("one.halls.test", "one.halls.test", 200)]
    [InlineData("one.halls.test", "other.halls.test", 200)] // both are the wildcard's
    [InlineData("one.halls.test", "vip.halls.test", 421)] // a listener of its own
    [InlineData("one.halls.test", "open.test", 421)]
    [InlineData("vip.halls.test", "one.halls.test", 421)]
    [InlineData("open.test", "elsewhere.test", 404)] // the listener of all hosts has no route for it
    public async Task A_connection_for_one_listener_is_no_way_to_another(string connected, string asked, int status)
    {
        await gateway.AddServiceAsync("halls");
        await gateway.ApplyAsync(Secret("cert-halls", "halls.test"));
        await gateway.ApplyAsync("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: halls}
            spec:
              gatewayClassName: dabbawala
              listeners:
              - {name: all, port: 8444, protocol: HTTPS, tls: {certificateRefs: [{name: cert-halls}]}}
              - {name: halls, port: 8444, protocol: HTTPS, hostname: "*.halls.test", tls: {certificateRefs: [{name: cert-halls}]}}
              - {name: vip, port: 8444, protocol: HTTPS, hostname: vip.halls.test, tls: {certificateRefs: [{name: cert-halls}]}}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: halls}
            spec:
              parentRefs: [{name: halls}]
              hostnames: ["*.halls.test", open.test]
              rules: [{backendRefs: [{name: halls, port: 80}]}]
            """);
        var address = await ProgrammedAsync("halls");
        using var http = Connecting(address, 8444, connected);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{asked}:8444/"));

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private async Task<string> ProgrammedAsync(string name)
    {
        var address = "";
        await RunningGateway.UntilAsync(
            gateway.Caches.GatewayInformer,
            new ObjectKey(RunningGateway.Namespace, name),
            item =>
            {
                address = item.Status is { Addresses: [{ Value: { } value }] } ? value : "";
                return item.Status?.Conditions.Any(condition => condition is { Type: "Programmed", Status: "True" }) == true;
            },
            "the Gateway was not programmed");
        return address;
    }

    /// <summary>A client whose connections go to an address, and ask there for the certificate of a host, whatever they are used for then.</summary>
    private static HttpMessageInvoker Connecting(string address, int port, string host) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, port, cancellationToken);
            return await AuthenticateAsync(new NetworkStream(socket, ownsSocket: true), host);
        },
    });

    private static async Task<string> CertificateAsync(string address, string host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, 8443, TestContext.Current.CancellationToken);
        await using var tls = await AuthenticateAsync(client.GetStream(), host);
        return tls.RemoteCertificate!.Subject;
    }

    [SuppressMessage("Security", "CA5359", Justification = "The test asks which certificate is shown, and trusts none.")]
    private static async Task<SslStream> AuthenticateAsync(Stream stream, string host)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = static (_, _, _, _) => true, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
            TestContext.Current.CancellationToken);
        return tls;
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
