using k8s.Models;
using LocalCluster.NodeAgent.Variables;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

public sealed class EnvironmentTests : IAsyncLifetime
{
    private static readonly Pod Pod = new()
    {
        Metadata = new()
        {
            Name = "web-1",
            Namespace = RunningCluster.Namespace,
            Uid = "uid-1",
            Labels = new Dictionary<string, string> { ["team.example/name"] = "web" },
        },
        Spec = new PodSpec { NodeName = "node-a", ServiceAccountName = "default" },
    };

    private RunningCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        await _cluster.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: shop}
            data: {MODE: fast, LEVEL: info}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: login, namespace: shop}
            stringData: {password: "p4$$"}
            """);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Variables_of_a_container_win_over_those_it_takes_from_elsewhere()
    {
        var variables = await ResolveAsync(new V1Container
        {
            EnvFrom =
            [
                new V1EnvFromSource { ConfigMapRef = new() { Name = "settings" } },
                new V1EnvFromSource { SecretRef = new() { Name = "login" }, Prefix = "DB_" },
            ],
            Env = [new() { Name = "LEVEL", Value = "debug" }, new() { Name = "SHOWN", Value = "$(MODE) $(LEVEL) $$(LEVEL) $(NONE)" }],
        });

        Assert.Equal(("fast", "debug", "p4$$"), (variables["MODE"], variables["LEVEL"], variables["DB_password"]));
        Assert.Equal("fast debug $(LEVEL) $(NONE)", variables["SHOWN"]);
    }

    [Fact]
    public async Task Keys_and_fields_are_looked_up()
    {
        var variables = await ResolveAsync(new V1Container
        {
            Resources = new() { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("192Mi"), ["cpu"] = new("1500m") } },
            Env =
            [
                From("PASSWORD", new() { SecretKeyRef = new() { Name = "login", Key = "password" } }),
                From("MODE", new() { ConfigMapKeyRef = new() { Name = "settings", Key = "MODE" } }),
                From("POD", new() { FieldRef = new() { FieldPath = "metadata.name" } }),
                From("NODE", new() { FieldRef = new() { FieldPath = "spec.nodeName" } }),
                From("IP", new() { FieldRef = new() { FieldPath = "status.podIP" } }),
                From("TEAM", new() { FieldRef = new() { FieldPath = "metadata.labels['team.example/name']" } }),
                From("MEMORY", new() { ResourceFieldRef = new() { Resource = "limits.memory", Divisor = new("1Mi") } }),
                From("CPUS", new() { ResourceFieldRef = new() { Resource = "limits.cpu" } }),
            ],
        });

        Assert.Equal(["2", "10.88.0.1", "192", "fast", "node-a", "p4$$", "web-1", "web"], variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value));
    }

    [Theory]
    [InlineData("settings", "NONE", "couldn't find key NONE in ConfigMap shop/settings")]
    [InlineData("none", "MODE", "configmap \"none\" not found")]
    public async Task What_is_missing_is_named(string map, string key, string problem)
    {
        var reference = new V1ConfigMapKeySelector { Name = map, Key = key };
        var container = new V1Container { Env = [From("MODE", new() { ConfigMapKeyRef = reference })] };

        var refusal = await Assert.ThrowsAsync<ContainerConfigException>(() => ResolveAsync(container));
        Assert.Equal(problem, refusal.Message);

        reference.Optional = true;
        Assert.Empty(await ResolveAsync(container));
    }

    [Fact]
    public async Task A_container_learns_of_the_services_beside_it_unless_it_does_not_want_to()
    {
        Service[] services =
        [
            Service("order-db", "10.96.0.7", new V1ServicePort { Name = "sql", Port = 5432, Protocol = "TCP" }, new V1ServicePort { Name = "dns", Port = 53, Protocol = "UDP" }),
            Service("headless", "None", new V1ServicePort { Port = 80 }),
        ];

        var variables = await ResolveAsync(new V1Container(), Pod, services);

        Assert.Equal(
            [
                "ORDER_DB_PORT=tcp://10.96.0.7:5432",
                "ORDER_DB_PORT_53_UDP=udp://10.96.0.7:53", "ORDER_DB_PORT_53_UDP_ADDR=10.96.0.7", "ORDER_DB_PORT_53_UDP_PORT=53", "ORDER_DB_PORT_53_UDP_PROTO=udp",
                "ORDER_DB_PORT_5432_TCP=tcp://10.96.0.7:5432", "ORDER_DB_PORT_5432_TCP_ADDR=10.96.0.7", "ORDER_DB_PORT_5432_TCP_PORT=5432",
                "ORDER_DB_PORT_5432_TCP_PROTO=tcp",
                "ORDER_DB_SERVICE_HOST=10.96.0.7", "ORDER_DB_SERVICE_PORT=5432", "ORDER_DB_SERVICE_PORT_DNS=53", "ORDER_DB_SERVICE_PORT_SQL=5432",
            ],
            variables.Select(v => $"{v.Key}={v.Value}").Order(StringComparer.Ordinal));
        Assert.Empty(await ResolveAsync(new V1Container(), Pod with { Spec = Pod.Spec with { EnableServiceLinks = false } }, services));
    }

    [Fact]
    public async Task Services_whose_links_have_the_same_name_do_not_keep_a_container_from_starting()
    {
        Service[] services = [Service("order", "10.96.0.7", new V1ServicePort { Port = 80 }), Service("order-service", "10.96.0.8", new V1ServicePort { Port = 81 })];

        var variables = await ResolveAsync(new V1Container(), Pod, services);

        Assert.Equal("tcp://10.96.0.8:81", variables["ORDER_SERVICE_PORT"]);
    }

    private Task<IReadOnlyDictionary<string, string>> ResolveAsync(V1Container container) => ResolveAsync(container, Pod, []);

    private Task<IReadOnlyDictionary<string, string>> ResolveAsync(V1Container container, Pod pod, Service[] services) =>
        new EnvironmentResolver(_cluster.Api, _ => services).ResolveAsync(
            pod, container, new PodFields(pod, "10.88.0.1", "127.0.0.1", new Dictionary<string, ResourceQuantity>()), TestContext.Current.CancellationToken);

    private static V1EnvVar From(string name, V1EnvVarSource source) => new() { Name = name, ValueFrom = source };

    private static Service Service(string name, string address, params V1ServicePort[] ports) => new()
    {
        Metadata = new() { Name = name, Namespace = RunningCluster.Namespace },
        Spec = new ServiceSpec { ClusterIp = address, Ports = ports },
    };
}
