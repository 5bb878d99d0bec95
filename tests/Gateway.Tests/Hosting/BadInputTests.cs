using System.Net;
using System.Net.Sockets;
using System.Text;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Tests.Testing;

namespace Gateway.Tests.Hosting;

/// <summary>What clients and declarations can do to a gateway: it is refused or bounded, and the others go on.</summary>
public sealed class BadInputTests(RunningImpatientGateway gateway) : IClassFixture<RunningImpatientGateway>
{
    [Theory]
    [InlineData("many", 1000, 10)]
    [InlineData("large", 1, 64 * 1024)]
    public async Task A_request_with_too_many_or_too_large_headers_is_refused(string name, int headers, int length)
    {
        var backend = await ServeAsync(name);
        var bomb = new StringBuilder($"GET / HTTP/1.1\r\nHost: {name}.test\r\n");
        for (var i = 0; i < headers; i++)
        {
            bomb.Append("X-").Append(i).Append(": ").Append('x', length).Append("\r\n");
        }

        var said = await SpeakAsync(bomb.Append("\r\n").ToString());

        Assert.True(said.Length == 0 || said.StartsWith("HTTP/1.1 431", StringComparison.Ordinal), said); // who is still sending may hear nothing but the end
        Assert.Equal(0, backend.Requests);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(name));
    }

    [Fact]
    public async Task A_client_that_never_ends_its_headers_is_hung_up_on()
    {
        await ServeAsync("slow");

        var said = await SpeakAsync("GET / HTTP/1.1\r\nHost: slow.test\r\nX-Slow: ");

        Assert.True(said.Length == 0 || said.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), said);
        Assert.Equal(HttpStatusCode.OK, await CallAsync("slow"));
    }

    [Fact]
    public async Task A_client_that_never_ends_its_body_is_hung_up_on_and_its_place_is_free_again()
    {
        await ServeAsync("drip");

        await SpeakAsync("POST / HTTP/1.1\r\nHost: drip.test\r\nContent-Length: 1000\r\n\r\nx"); // it ends, which is what counts

        Assert.Equal(HttpStatusCode.OK, await CallAsync("drip"));
    }

    [Theory]
    [InlineData("{name: all, requests: 0, per: Minute}", "requests")]
    [InlineData("{name: all, requests: -1, per: Minute}", "requests")]
    [InlineData("{name: all, requests: 1, burst: 0, per: Minute}", "burst")]
    public async Task A_limit_of_nothing_or_less_is_refused_with_its_field(string limit, string field)
    {
        var refusal = await Assert.ThrowsAsync<KubeApiException>(() => gateway.ApplyAsync(
            $$"""{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: RateLimitPolicy, metadata: {name: none}, spec: {targetRefs: [{kind: ManagedService, name: order}], limits: [{{limit}}]} }"""));

        Assert.Contains($"spec.limits[0].{field}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_that_sum_to_zero_send_nothing_anywhere_and_say_so_with_500()
    {
        var backend = await ServeAsync("weightless", ", weight: 0");

        Assert.Equal(HttpStatusCode.InternalServerError, await CallAsync("weightless"));
        Assert.Equal(0, backend.Requests);
    }

    private async Task<EchoBackend> ServeAsync(string name, string more = "")
    {
        var backend = await gateway.AddServiceAsync(name);
        await gateway.RouteAsync(name, $"{name}.test", $"[{{backendRefs: [{{name: {name}, port: 80{more}}}]}}]");
        return backend[0];
    }

    private async Task<HttpStatusCode> CallAsync(string name)
    {
        using var answer = await gateway.SendAsync($"{name}.test", "/");
        return answer.StatusCode;
    }

    /// <summary>Says something, and hears until the gateway hangs up.</summary>
    private async Task<string> SpeakAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address, 8080, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return ""; // it hung up in the middle
        }
    }
}
