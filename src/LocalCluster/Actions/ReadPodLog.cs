using LocalCluster.Api;
using LocalCluster.Errors;
using LocalCluster.Resources;
using LocalCluster.Storage;

namespace LocalCluster.Actions;

/// <summary>Streams the log of a container.</summary>
/// <param name="logs">Where logs come from.</param>
/// <param name="store">Where pods and nodes are.</param>
internal sealed class ReadPodLog(IPodLogs logs, ObjectStore store) : IObjectAction
{
    private const string DefaultContainer = "kubectl.kubernetes.io/default-container";

    /// <inheritdoc/>
    public (string Resource, string Subresource) Path => ("pods", "log");

    /// <inheritdoc/>
    public async Task HandleAsync(ResourceRequest request)
    {
        var stored = store.Current.Find("pods", request.Key) ?? throw StatusErrors.NotFound(request.Resource.Type, request.Path.Name);
        var pod = KubeObject.Parse(stored);
        var container = Container(pod, request.Query("container"));
        var nodeName = pod.Json.Text("spec.nodeName");
        if (nodeName.Length == 0)
        {
            throw StatusErrors.BadRequest($"pod {pod.Name} does not have a host assigned");
        }

        var node = store.Current.Find("nodes", new("", nodeName)) ?? throw StatusErrors.Unavailable($"node {nodeName} of pod {pod.Name} does not exist");
        await using var log = await logs.OpenAsync(
            pod.Key, KubeObject.Parse(node), container, request.Http.Request.QueryString.Value ?? "", request.Aborted);
        request.Http.Response.ContentType = "text/plain";
        await request.Http.Response.Body.FlushAsync(request.Aborted); // a follower hears at once that there is a log, though no line may come for hours
        var buffer = new byte[16 * 1024];
        while (await log.ReadAsync(buffer, request.Aborted) is > 0 and var read)
        {
            await request.Http.Response.Body.WriteAsync(buffer.AsMemory(0, read), request.Aborted);
            await request.Http.Response.Body.FlushAsync(request.Aborted);
        }
    }

    private static string Container(KubeObject pod, string asked)
    {
        var containers = pod.Json.Items("spec.containers").Select(c => c.Text("name")).ToList();
        var others = pod.Json.Items("spec.initContainers").Concat(pod.Json.Items("spec.ephemeralContainers")).Select(c => c.Text("name"));
        if (asked.Length > 0)
        {
            return containers.Concat(others).Contains(asked)
                ? asked
                : throw StatusErrors.BadRequest($"container {asked} is not valid for pod {pod.Name}");
        }

        return (string?)pod.Annotations?[DefaultContainer] is { } usual && containers.Contains(usual) ? usual
            : containers is [var only] ? only
            : throw StatusErrors.BadRequest($"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', containers)}]");
    }
}
