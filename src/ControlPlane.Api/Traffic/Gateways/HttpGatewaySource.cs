using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic.Reports;

namespace ControlPlane.Api.Traffic.Gateways;

/// <summary>A gateway that is a process of its own, and serves its report over HTTP.</summary>
internal sealed class HttpGatewaySource : IGatewaySource, IDisposable
{
    private const long LargestReport = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    /// <param name="address">Where it serves its report.</param>
    public HttpGatewaySource(Uri address)
    {
        Name = address.Authority;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = address,
            Timeout = Patience,
            MaxResponseContentBufferSize = LargestReport,
        };
    }

    public string Name { get; }

    public async Task<GatewayReport> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync<GatewayReport>(GatewayReport.Path, KubeJson.Options, cancellationToken)
                ?? throw new GatewayUnavailableException("it answers with nothing");
        }
        catch (HttpRequestException e)
        {
            throw new GatewayUnavailableException(e.StatusCode is { } status ? $"it answers {(int)status}" : "it can't be reached", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayUnavailableException($"it does not answer within {Patience.TotalSeconds:0} s", e);
        }
        catch (JsonException e)
        {
            throw new GatewayUnavailableException("it answers with something else than a report", e);
        }
    }

    public void Dispose() => _http.Dispose();
}
