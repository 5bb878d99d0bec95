using System.Diagnostics;
using System.Text.Json;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Resources;

namespace Performance;

/// <summary>The limit: the same applies and status writes, in a loop that does nothing else.</summary>
internal static class BareLoop
{
    private static readonly WriteOptions Apply = new() { FieldManager = "bare-loop", Force = true };

    public static async Task<TimeSpan> RunAsync(MeasuredCluster cluster, string ns, CancellationToken cancellationToken)
    {
        var services = await cluster.ListAsync<ManagedService>(ManagedService.ResourceType, ns, cancellationToken);
        var rendered = services.Select(service => (service.Metadata.Key, Objects: MeasuredFleet.Objects(service).Select(o => (o.Type, o.Key, Body: o.ToApply())).ToList(), Status: Status(service))).ToList();
        var clock = Stopwatch.StartNew();
        await MeasuredCluster.InParallelAsync(
            rendered.Count,
            async (i, cancel) =>
            {
                foreach (var (type, key, body) in rendered[i].Objects)
                {
                    await cluster.Api.ApplyAsync(type, key, body, Apply, cancel);
                }

                await cluster.Api.ApplyAsync(ManagedService.ResourceType, rendered[i].Key, rendered[i].Status, Apply with { Subresource = "status" }, cancel);
            },
            cancellationToken);
        return clock.Elapsed;
    }

    private static byte[] Status(ManagedService service) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            apiVersion = ManagedService.ResourceType.ApiVersion,
            kind = ManagedService.ResourceType.Kind,
            metadata = new { name = service.Metadata.Name, @namespace = service.Metadata.Namespace },
            status = new ManagedServiceStatus
            {
                ObservedGeneration = 1,
                Version = "1.0.0",
                Instances = new InstanceSummary { Desired = 5, Summary = "0/5" },
                Conditions =
                [
                    .. ((string[])["Accepted", "Ready", "Baseline"]).Select(type => new Condition
                    {
                        Type = type,
                        Status = "True",
                        Reason = "Measured",
                        Message = "as long as a real one would be, about so many characters",
                        LastTransitionTime = DateTimeOffset.UnixEpoch,
                        ObservedGeneration = 1,
                    }),
                ],
            },
        },
        KubeJson.Options);
}
