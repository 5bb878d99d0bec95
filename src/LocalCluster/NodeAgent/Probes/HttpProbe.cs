using System.Globalization;
using System.Net.Sockets;

namespace LocalCluster.NodeAgent.Probes;

/// <summary>Passes on an answer from 200 to 399.</summary>
/// <param name="http">Sends.</param>
/// <param name="address">What to ask, as it is dialled.</param>
/// <param name="shown">What to ask, as people know it.</param>
/// <param name="headers">Headers beyond a kubelet's own.</param>
internal sealed class HttpProbe(HttpMessageInvoker http, Uri address, string shown, IReadOnlyList<KeyValuePair<string, string>> headers) : IProbe
{
    /// <inheritdoc/>
    public async Task<ProbeFinding> AskAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.36");
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
            foreach (var (name, value) in headers)
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await http.SendAsync(request, limit.Token);
            var status = (int)response.StatusCode;
            return status is >= 200 and < 400
                ? new ProbeFinding(ProbeOutcome.Success)
                : Failed(string.Create(CultureInfo.InvariantCulture, $"HTTP probe failed with statuscode: {status}"));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"Get \"{shown}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var problem = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? "connect: connection refused" : e.Message;
            return Failed($"Get \"{shown}\": {problem}");
        }
    }

    private static ProbeFinding Failed(string output) => new(ProbeOutcome.Failure, output);
}
