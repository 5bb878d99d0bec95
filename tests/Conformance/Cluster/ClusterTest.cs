using System.Net;

namespace Conformance.Cluster;

/// <summary>A test of the cluster, with a namespace of its own.</summary>
public abstract class ClusterTest(TestCluster cluster) : IAsyncLifetime
{
    private readonly List<CustomKind> _kinds = [];

    internal ApiClient Api => cluster.Api;

    internal CustomKind WidgetKind => cluster.Widgets;

    internal string Namespace { get; private set; } = "";

    internal Collection ConfigMaps => Core("configmaps");

    internal Collection Pods => Core("pods");

    internal Collection Deployments => new(Api, $"/apis/apps/v1/namespaces/{Namespace}/deployments");

    internal Collection Widgets => Custom(cluster.Widgets);

    public async ValueTask InitializeAsync()
    {
        var created = await Api.Namespaces.CreateAsync("""{"metadata": {"generateName": "conformance-"}}""");
        Namespace = created.Expect(HttpStatusCode.Created).Text("metadata.name")!;
    }

    public async ValueTask DisposeAsync()
    {
        await Api.Namespaces.DeleteAsync(Namespace);
        foreach (var kind in _kinds)
        {
            await Api.Definitions.DeleteAsync(kind.DefinitionName);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Defines a kind, until the test is over.</summary>
    internal Task InstallAsync(CustomKind kind, string versions, string scope = "Namespaced")
    {
        _kinds.Add(kind);
        return Api.InstallAsync(kind, versions, scope);
    }

    internal Collection Core(string resource) => new(Api, $"/api/v1/namespaces/{Namespace}/{resource}");

    internal Collection Custom(CustomKind kind, string version = "v1") => new(Api, $"/apis/{kind.Group}/{version}/namespaces/{Namespace}/{kind.Plural}");

    /// <summary>A ConfigMap.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">JSON of its data.</param>
    /// <param name="metadata">JSON of more metadata, each with a comma before it.</param>
    internal static string ConfigMap(string name, string data = """{"key": "value"}""", string metadata = "") =>
        $$"""{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{name}}"{{metadata}} }, "data": {{data}}}""";

    /// <summary>A Widget.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="spec">JSON of its spec.</param>
    /// <param name="more">JSON of more fields, each with a comma before it.</param>
    internal string Widget(string name, string spec = "{}", string more = "") =>
        $$"""{"apiVersion": "{{cluster.Widgets.Group}}/v1", "kind": "Widget", "metadata": {"name": "{{name}}"}, "spec": {{spec}}{{more}} }""";

    /// <summary>A Deployment without any pods.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="containers">JSON of its containers.</param>
    internal static string Deployment(string name, string containers = """[{"name": "web", "image": "web:1"}]""") => $$"""
        {
          "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "{{name}}"},
          "spec": {
            "replicas": 0, "selector": {"matchLabels": {"app": "{{name}}"} },
            "template": {"metadata": {"labels": {"app": "{{name}}"} }, "spec": {"containers": {{containers}} } }
          }
        }
        """;
}
