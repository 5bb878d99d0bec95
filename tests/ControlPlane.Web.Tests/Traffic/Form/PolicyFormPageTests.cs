using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bunit;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Traffic;
using ControlPlane.Web.Tests.Testing;
using ControlPlane.Web.Traffic.Form;
using LocalCluster;

namespace ControlPlane.Web.Tests.Traffic.Form;

/// <summary>The form of a policy against an API server: its fields, its judgement, its writes.</summary>
public sealed class PolicyFormPageTests : IAsyncLifetime
{
    private const string Requests = "#spec-limits-0--requests";

    private readonly Meter _meter = new("tests");
    private LocalClusterServer? _server;
    private KubeConnection? _connection;
    private ConsoleContext? _console;

    private KubeApi Api => new(_connection!);

    private ConsoleContext Console => _console!;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalClusterServer.StartAsync(new LocalClusterOptions { Port = 0 });
        _connection = KubeConnection.Anonymous(_server.Address, new RuntimeMetrics(_meter));
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "manifests", "crds"), "*.yaml"))
        {
            await ApplyAsync(await File.ReadAllTextAsync(file));
        }

        await ApplyAsync("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
        _console = new ConsoleContext(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await Console.DisposeAsync();
        _connection?.Dispose();
        await _server!.DisposeAsync();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_new_policy_is_filled_in_judged_at_its_fields_and_written_with_a_reason()
    {
        var page = Open("/policies/new?kind=RateLimitPolicy&namespace=shop&service=order");
        await page.WaitForElementAsync("form");
        page.Find("#spec-limits-0--name-input").Change("browse");
        page.Find($"{Requests}-input").Change("0");

        page.Find("form").Submit();
        Assert.Contains("1", (await page.WaitForElementAsync($"{Requests} .bad")).TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.Find($"{Requests}-input").GetAttribute("aria-invalid"));
        Assert.Empty(page.FindAll("dialog"));

        page.Find($"{Requests}-input").Change("600");
        Assert.Empty(page.FindAll($"{Requests} .bad"));
        page.Find("form").Submit();
        (await page.WaitForElementAsync("dialog textarea")).Input("INC-7");
        await page.FindAll("dialog button")[1].ClickAsync();
        await page.WaitForElementAsync(".note.good");

        var stored = await StoredAsync("order");
        Assert.Equal(600, (int)stored["spec"]!["limits"]![0]!["requests"]!);
        Assert.Equal("ManagedService", (string)stored["spec"]!["targetRefs"]![0]!["kind"]!);
        Assert.Equal("INC-7", Console.Log.Events[^1].Reason);
    }

    [Fact]
    public async Task Settings_are_added_and_taken_out_and_what_is_out_is_gone()
    {
        await ApplyAsync(Policy("limits: [{name: a, requests: 5, per: Minute, methods: [GET]}, {name: b, requests: 9, per: Hour}]"));
        var page = Open("/policies/ratelimitpolicies/shop/order", ("Kind", "ratelimitpolicies"), ("Namespace", "shop"), ("Name", "order"));
        await page.WaitForElementAsync("form");

        Assert.Equal(["GET"], page.FindAll("#spec-limits-0--methods input[checked]").Select(tick => tick.ParentElement!.TextContent.Trim()));
        page.FindAll("#spec-limits > fieldset > legend > button")[1].Click();
        page.FindAll(".absent button").Single(button => button.TextContent == "+ shadow").Click();
        page.Find("form").Submit();
        (await page.WaitForElementAsync("dialog textarea")).Input("quieter");
        await page.FindAll("dialog button")[1].ClickAsync();
        await page.WaitForElementAsync(".note.good");

        var spec = (await StoredAsync("order"))["spec"]!;
        Assert.Equal(("a", true), ((string)Assert.Single(spec["limits"]!.AsArray())!["name"]!, (bool)spec["shadow"]!));
    }

    [Fact]
    public async Task A_policy_that_somebody_changed_meanwhile_is_loaded_anew()
    {
        await ApplyAsync(Policy("limits: [{name: a, requests: 5, per: Minute}]"));
        var page = Open("/policies/ratelimitpolicies/shop/order", ("Kind", "ratelimitpolicies"), ("Namespace", "shop"), ("Name", "order"));
        await page.WaitForElementAsync("form");
        await ApplyAsync(Policy("limits: [{name: a, requests: 7, per: Minute}]"));

        page.Find("form").Submit();
        var reload = await page.WaitForElementAsync(".answer button");
        Assert.Contains("was changed or deleted since you began", page.Find(".failure").TextContent, StringComparison.Ordinal);
        await reload.ClickAsync();

        await page.WaitForStateAsync(() => page.FindAll($"{Requests}-input") is [var input] && input.GetAttribute("value") == "7");
    }

    [Fact]
    public async Task What_a_GitOps_tool_keeps_gets_the_YAML_instead()
    {
        await ApplyAsync(Policy("limits: [{name: a, requests: 5, per: Minute}]").Replace("name: order, namespace", "labels: {kustomize.toolkit.fluxcd.io/name: fleet}, name: order, namespace", StringComparison.Ordinal));
        var page = Open("/policies/ratelimitpolicies/shop/order", ("Kind", "ratelimitpolicies"), ("Namespace", "shop"), ("Name", "order"));
        await page.WaitForElementAsync("form");
        page.Find($"{Requests}-input").Change("6");

        page.Find("form").Submit();
        await page.WaitForElementAsync(".kept");

        Assert.Empty(page.FindAll("dialog"));
        Assert.Contains("kept by Flux Kustomization fleet", page.Find(".note.poor").TextContent, StringComparison.Ordinal);
        Assert.Contains(page.FindAll(".kept [data-copy]"), copy => copy.GetAttribute("data-copy")!.Contains("requests: 6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kind_that_is_none_is_told()
    {
        var page = Open("/policies/new?kind=Wish");

        Assert.Contains("'Wish' is none of TrafficPolicy, RateLimitPolicy, CircuitPolicy", (await page.WaitForElementAsync(".failure")).TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<PolicyFormPage> Open(string address, params (string Name, string Value)[] parameters)
    {
        Console.SignIn(ControlPlane.Api.Access.Role.Admin); // here: who signs in before a test begins is not known in it
        Console.GoTo(address);
        return Console.Render<PolicyFormPage>(page => Array.ForEach(parameters, parameter => page.TryAdd(parameter.Name, parameter.Value)));
    }

    private static string Policy(string spec) =>
        $"{{apiVersion: fleet.dabbawala.dev/v1alpha1, kind: RateLimitPolicy, metadata: {{name: order, namespace: shop}}, spec: {{targetRefs: [{{kind: ManagedService, name: order}}], {spec}}}}}";

    private async Task<JsonNode> StoredAsync(string name) => JsonNode.Parse(await Api.GetBytesAsync(RateLimitPolicy.ResourceType, new("shop", name), Xunit.TestContext.Current.CancellationToken))!;

    private async Task ApplyAsync(string yaml)
    {
        var discovery = new ApiDiscovery(Api);
        foreach (var document in ManifestReader.Read(yaml, "test"))
        {
            var type = await discovery.FindAsync(document.ApiVersion, document.Kind, CancellationToken.None);
            await Api.ApplyAsync(type!, document.Key, JsonSerializer.SerializeToUtf8Bytes(document.Json), new WriteOptions { FieldManager = "kubectl", Force = true }, CancellationToken.None);
        }
    }
}
