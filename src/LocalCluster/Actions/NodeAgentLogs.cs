using ControlPlane.Kubernetes.Resources;
using LocalCluster.Errors;
using LocalCluster.Resources;

namespace LocalCluster.Actions;

/// <summary>
/// Asks the agent of a node for logs, under the path that a kubelet has them: <c>/containerLogs/NAMESPACE/POD/CONTAINER</c> on the node's
/// internal address and <c>status.daemonEndpoints.kubeletEndpoint.Port</c>, in plain HTTP.
/// </summary>
/// <param name="client">The client.</param>
internal sealed class NodeAgentLogs(HttpClient client) : IPodLogs
{
    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(ObjectKey pod, KubeObject node, string container, string query, CancellationToken cancellationToken)
    {
        var address = node.Json.Items("status.addresses").FirstOrDefault(a => a.Text("type") == "InternalIP").Text("address");
        var port = node.Json.Number("status.daemonEndpoints.kubeletEndpoint.Port");
        if (address.Length == 0 || port == 0)
        {
            throw StatusErrors.Unavailable($"node {node.Name} tells no address of its agent");
        }

        var uri = $"http://{address}:{port}/containerLogs/{pod.Namespace}/{pod.Name}/{Uri.EscapeDataString(container)}{query}";
        try
        {
            var answer = await client.GetAsync(new Uri(uri), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadAsStreamAsync(cancellationToken)
                : throw StatusErrors.BadRequest(await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            throw StatusErrors.Unavailable($"the agent of node {node.Name} does not answer: {e.Message}");
        }
    }
}
