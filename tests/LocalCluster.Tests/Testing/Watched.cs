using System.Runtime.CompilerServices;
using System.Text.Json;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Resources;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.Testing;

/// <summary>Waits until a cluster shows what a test expects; the signal is the cluster's own watch.</summary>
/// <param name="informer">Follows the kind.</param>
internal sealed class Watched<T>(Informer<T> informer)
    where T : class, IKubeObject
{
    /// <summary>Ample for two busy cores; only a test that fails waits for so long.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>What is known now.</summary>
    public IReadOnlyList<T> Now => informer.Cache.Snapshot();

    /// <summary>Waits until one object is as expected, and returns it.</summary>
    public async Task<T> Until(Func<T, bool> expected, [CallerArgumentExpression(nameof(expected))] string expectation = "") =>
        (await UntilAll(all => all.Any(expected), expectation)).First(expected);

    /// <summary>Waits until the object of a name is as expected, and returns it.</summary>
    public Task<T> Until(string name, Func<T, bool> expected, [CallerArgumentExpression(nameof(expected))] string expectation = "") =>
        Until(item => item.Metadata.Name == name && expected(item), $"{name}: {expectation}");

    /// <summary>Waits until no object has the name.</summary>
    public Task UntilGone(string name) => UntilAll(all => all.All(item => item.Metadata.Name != name), $"{name} is gone");

    /// <summary>Waits until all objects together are as expected.</summary>
    public async Task<IReadOnlyList<T>> UntilAll(
        Func<IReadOnlyList<T>, bool> expected, [CallerArgumentExpression(nameof(expected))] string expectation = "")
    {
        var met = new TaskCompletionSource<IReadOnlyList<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Now is var all && expected(all))
            {
                met.TrySetResult(all);
            }
        }

        using (informer.Cache.Subscribe(_ => Look()))
        {
            Look();
            try
            {
                return await met.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"not within {Limit.TotalSeconds} s: {expectation}\nThere is:\n{string.Join('\n', Now.Select(Describe))}");
                throw;
            }
        }
    }

    private static string Describe(T item) => JsonSerializer.Serialize(item, WorkloadJson.Options);
}
