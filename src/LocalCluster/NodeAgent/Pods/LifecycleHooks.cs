using System.Globalization;
using k8s.Models;
using LocalCluster.NodeAgent.Network;
using LocalCluster.NodeAgent.Probes;

namespace LocalCluster.NodeAgent.Pods;

/// <summary>Runs what a container declares to be done before it is stopped.</summary>
/// <param name="http">Sends.</param>
/// <param name="network">How pods are reached.</param>
/// <param name="time">Clock.</param>
internal sealed class LifecycleHooks(HttpMessageInvoker http, PodNetwork network, TimeProvider time)
{
    /// <summary>Runs the hook, if there is one, until its time is up.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public async Task<string?> PreStopAsync(V1Container container, string podAddress, CancellationToken kill)
    {
        try
        {
            switch (container.Lifecycle?.PreStop)
            {
                case { Sleep: { } sleep }:
                    await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), time, kill);
                    return null;
                case { HttpGet: { } get } when ProbeFactory.Port(get.Port, container) is { } port:
                    return await GetAsync(get, port, podAddress, kill);
                case { Exec: not null }:
                    return "no command can be run in a container of this node agent";
                default:
                    return null;
            }
        }
        catch (OperationCanceledException) when (kill.IsCancellationRequested)
        {
            return null; // what time there was is used up, which is the hook's business
        }
    }

    private async Task<string?> GetAsync(V1HTTPGetAction get, int port, string podAddress, CancellationToken kill)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://{network.Route(podAddress)}:{port}/{get.Path?.TrimStart('/')}");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await http.SendAsync(request, kill);
            return response.IsSuccessStatusCode
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"the hook answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }
}
