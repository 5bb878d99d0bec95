using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Kubernetes.Applying;
using Operators.Tests.Testing;
using Operators.Tests.Traffic.Testing;
using Operators.Traffic.Providers;

namespace Operators.Tests.Traffic;

/// <summary>
/// What providers render is held against the schemas of the projects that it is for, rules across fields and all, by an API server that refuses what
/// it does not know. The schemas are in <c>Crds</c>.
/// </summary>
public sealed class ProviderSchemaTests
{
    private static readonly IReadOnlyList<ITrafficProvider> Providers = TrafficProviders.All(new SharedCounterStore("redis.infra"));

    [Fact]
    public async Task The_objects_of_the_golden_files_are_valid()
    {
        await using var cluster = await ClusterAsync();
        using var client = new HttpClient { BaseAddress = cluster.Address };
        foreach (var name in GoldenPolicies.Folder.Cases)
        {
            foreach (var item in Providers.SelectMany(provider => provider.Plan(GoldenPolicies.Read(name).Snapshot()).Objects))
            {
                await AcceptedAsync(client, item, name);
            }
        }
    }

    [Fact]
    public async Task The_objects_of_any_policies_are_valid()
    {
        await using var cluster = await ClusterAsync();
        using var client = new HttpClient { BaseAddress = cluster.Address };
        for (var seed = 0; seed < 150; seed++)
        {
            foreach (var item in Providers.SelectMany(provider => provider.Plan(new PolicyValues(new Random(seed)).Specs().Snapshot()).Objects))
            {
                await AcceptedAsync(client, item, $"seed {seed}");
            }
        }
    }

    [Fact]
    public async Task A_field_that_the_schema_does_not_know_is_refused()
    {
        await using var cluster = await ClusterAsync();
        using var client = new HttpClient { BaseAddress = cluster.Address };

        using var answer = await CreateAsync(
            client,
            TrafficKinds.DestinationRules.CollectionPath(Samples.Namespace),
            """{"apiVersion":"networking.istio.io/v1","kind":"DestinationRule","metadata":{"name":"a"},"spec":{"host":"a","trafficPolicy":{"loadBalancer":{"simpel":"RANDOM"}}}}"""u8.ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("simpel", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<TestCluster> ClusterAsync()
    {
        var cluster = await TestCluster.StartAsync(withControllers: false);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Traffic", "Crds")).Order(StringComparer.Ordinal))
        {
            await cluster.ApplyAsync(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        }

        return cluster;
    }

    private static async Task AcceptedAsync(HttpClient client, DesiredObject item, string from)
    {
        using var answer = await CreateAsync(client, item.Type.CollectionPath(item.Key.Namespace), item.ToCreate());
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{from}: {item.Type.Kind} {item.Key.Name}: {text}\n{System.Text.Encoding.UTF8.GetString(item.Json.Span)}");
    }

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient client, string collection, byte[] json)
    {
        using var content = new ByteArrayContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await client.PostAsync(new Uri($"{collection}?dryRun=All&fieldValidation=Strict", UriKind.Relative), content, TestContext.Current.CancellationToken);
    }
}
