using ControlPlane.Kubernetes.Controllers;
using ControlPlane.Kubernetes.Resources;
using Operators.Cluster;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry;

/// <summary>A fleet that is as declared costs the API server no write, also after a restart of the operators.</summary>
public sealed class SteadyStateTests
{
    private static readonly string[] Names = ["cart", "order", "payment"];

    [Fact]
    public async Task Nothing_is_written_while_nothing_changes()
    {
        await using var cluster = await TestCluster.StartAsync(withControllers: false);
        await using (var operators = await RunningOperators.StartAsync(cluster))
        {
            await cluster.ApplyAsync(Samples.Manifest(Samples.Service("payment")));
            await cluster.ApplyAsync(Samples.Manifest(Samples.Service("order", "payment")));
            await cluster.ApplyAsync(Samples.Manifest(Samples.Service("cart", "order", "payment")));
            await ConvergedAsync(operators);
            var converged = await VersionsAsync(cluster);

            await ReconcileAllAsync(operators);

            Assert.Equal(converged, await VersionsAsync(cluster));
        }

        var before = await VersionsAsync(cluster);
        await using var restarted = await RunningOperators.StartAsync(cluster);
        await ConvergedAsync(restarted);
        await ReconcileAllAsync(restarted);

        Assert.Equal(before, await VersionsAsync(cluster));
    }

    private static async Task ConvergedAsync(RunningOperators operators)
    {
        foreach (var name in Names)
        {
            await operators.Caches.ConvergedAsync(Samples.Key(name));
        }
    }

    private static async Task ReconcileAllAsync(RunningOperators operators)
    {
        foreach (var name in Names)
        {
            Assert.Equal(ReconcileOutcome.Succeeded, (await operators.ReconcileAsync(Samples.Key(name))).Outcome);
        }
    }

    /// <summary>Every object with its version: any write makes another one.</summary>
    private static async Task<IReadOnlyList<string>> VersionsAsync(TestCluster cluster)
    {
        var versions = new List<string>();
        foreach (var type in OwnedKinds.All.Except(OwnedKinds.WhereServed).Append(ManagedService.ResourceType))
        {
            versions.AddRange((await cluster.ListAsync(type, Samples.Namespace)).Select(item => $"{type.Kind} {item["metadata"]!["name"]} {item["metadata"]!["resourceVersion"]}"));
        }

        return versions;
    }
}
