using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LocalCluster.Tests.Kubectl;

/// <summary>What people do with kubectl, on this project's kind and on built-in ones. Each test works in a namespace of its own.</summary>
public sealed class KubectlTests(KubectlFixture kubectl) : IAsyncLifetime
{
    private readonly string _namespace = $"test-{Guid.NewGuid():N}"[..20];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(KubectlFixture.IsInstalled, "kubectl is not on PATH; with it, these tests drive the API as people do");
        await kubectl.OkAsync(["create", "namespace", _namespace]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Get_shows_tables_selections_and_manifests()
    {
        await OkAsync(["apply", "-f", "-"], Service("payment", "tier: Critical") + Service("cart", ""));
        await OkAsync(["label", "msvc", "payment", "app=pay"]);

        Assert.Matches(@"(?m)^NAME +TIER +TEAM .*\n^cart +Standard +shop", await OkAsync(["get", "msvc"]));
        Assert.Equal("managedservice.fleet.dabbawala.dev/payment\n", await OkAsync(["get", "msvc", "-l", "app in (pay)", "-o", "name"]));
        Assert.Equal("managedservice.fleet.dabbawala.dev/cart\n", await OkAsync(["get", "msvc", "--field-selector", "metadata.name=cart", "-o", "name"]));
        Assert.Contains("\n  tier: Critical\n", await OkAsync(["get", "msvc", "payment", "-o", "yaml"]));
        Assert.Equal("Critical", await OkAsync(["get", "msvc", "payment", "-o", "jsonpath={.spec.tier}"]));
        Assert.Matches(@"cart.*\n.*payment", await OkAsync(["get", "all"]));
        Assert.Contains(_namespace, await OkAsync(["get", "msvc", "-A"]));
    }

    [Fact]
    public async Task Wide_tables_show_more()
    {
        await OkAsync(["create", "deployment", "web", "--image=web:1", "--replicas=0"]);

        Assert.Matches(@"^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0/0", await OkAsync(["get", "deploy"]));
        Assert.Matches(@"CONTAINERS +IMAGES +SELECTOR\n.*web +web:1 +app=web", await OkAsync(["get", "deploy", "-o", "wide"]));
    }

    [Fact]
    public async Task Get_watch_follows_changes()
    {
        await OkAsync(["create", "configmap", "followed"]);
        using var watch = kubectl.Start(["-n", _namespace, "get", "cm", "followed", "--watch", "--output-watch-events"]);
        try
        {
            Assert.StartsWith("EVENT", await LineAsync(watch));
            Assert.Matches("^ADDED +followed", await LineAsync(watch));

            await OkAsync(["label", "configmap", "followed", "x=y"]);
            await OkAsync(["delete", "configmap", "followed"]);

            Assert.Matches("^MODIFIED +followed", await LineAsync(watch));
            Assert.Matches("^DELETED +followed", await LineAsync(watch));
        }
        finally
        {
            watch.Kill();
        }
    }

    [Fact]
    public async Task Describe_tells_all_of_an_object_and_its_events()
    {
        await OkAsync(["apply", "-f", "-"], Service("payment", ""));
        Assert.Matches(@"(?s)Name: +payment.*Kind: +ManagedService.*Team: +shop.*Events: +<none>", await OkAsync(["describe", "msvc", "payment"]));

        await OkAsync(["create", "deployment", "web", "--image=web:1", "--replicas=0"]);
        Assert.Matches(@"(?s)Name: +web.*Replicas: +0 desired.*StrategyType: +RollingUpdate.*Image: +web:1", await OkAsync(["describe", "deployment", "web"]));
    }

    [Fact]
    public async Task Apply_creates_changes_removes_and_leaves_alone()
    {
        Assert.EndsWith("created\n", await OkAsync(["apply", "-f", "-"], ConfigMap("one: '1', two: '2'")));
        Assert.EndsWith("unchanged\n", await OkAsync(["apply", "-f", "-"], ConfigMap("one: '1', two: '2'")));
        Assert.EndsWith("configured\n", await OkAsync(["apply", "-f", "-"], ConfigMap("one: 'x'")));
        Assert.Equal("""{"one":"x"}""", await OkAsync(["get", "cm", "a", "-o", "jsonpath={.data}"]));
    }

    [Fact]
    public async Task Server_side_apply_tells_who_else_owns_a_field()
    {
        await OkAsync(["apply", "--server-side", "--field-manager=one", "-f", "-"], ConfigMap("key: '1'"));

        var refused = await RunAsync(["apply", "--server-side", "--field-manager=two", "-f", "-"], ConfigMap("key: '2'"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("conflict with \"one\": .data.key", refused.Error);

        await OkAsync(["apply", "--server-side", "--field-manager=two", "--force-conflicts", "-f", "-"], ConfigMap("key: '2'"));
        Assert.Equal("2", await OkAsync(["get", "cm", "a", "-o", "jsonpath={.data.key}"]));
    }

    [Fact]
    public async Task Server_side_apply_takes_over_from_client_side_apply()
    {
        await OkAsync(["apply", "-f", "-"], ConfigMap("one: '1', two: '2'"));
        await OkAsync(["apply", "--server-side", "-f", "-"], ConfigMap("one: '1'"));

        Assert.Equal("""{"one":"1"}""", await OkAsync(["get", "cm", "a", "-o", "jsonpath={.data}"]));
    }

    [Fact]
    public async Task Apply_prunes_what_is_no_longer_declared()
    {
        await OkAsync(["apply", "-f", "-"], ConfigMap("key: old", "old") + ConfigMap("key: kept", "kept"));
        await OkAsync(["label", "cm", "old", "kept", "of=this"]);

        await OkAsync(["apply", "--prune", "-l", "of=this", "--prune-allowlist=core/v1/ConfigMap", "-f", "-"], ConfigMap("key: kept", "kept", ", labels: {of: this}"));

        Assert.Equal("configmap/kept\n", await OkAsync(["get", "cm", "-l", "of=this", "-o", "name"]));
    }

    [Fact]
    public async Task Diff_shows_what_apply_would_change_and_changes_nothing()
    {
        await OkAsync(["apply", "-f", "-"], Service("payment", ""));

        Assert.Equal(0, (await RunAsync(["diff", "-f", "-"], Service("payment", ""))).ExitCode);
        var diff = await RunAsync(["diff", "-f", "-"], Service("payment", "tier: High"));

        Assert.Equal(1, diff.ExitCode);
        Assert.Contains("\n-  tier: Standard\n+  tier: High\n", diff.Output);
        Assert.Equal("Standard", await OkAsync(["get", "msvc", "payment", "-o", "jsonpath={.spec.tier}"]));
    }

    [Fact]
    public async Task Edit_saves_what_the_editor_leaves()
    {
        await OkAsync(["apply", "-f", "-"], Service("payment", ""));

        var edited = await kubectl.RunAsync(["-n", _namespace, "edit", "msvc", "payment"], editor: "sed -i 's/tier: Standard/tier: Low/'");

        Assert.True(edited.ExitCode == 0, edited.Error);
        Assert.Equal("Low", await OkAsync(["get", "msvc", "payment", "-o", "jsonpath={.spec.tier}"]));
    }

    [Theory]
    [InlineData("merge", """{"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 5}}}}""")]
    [InlineData("strategic", """{"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 5, "containers": [{"name": "web", "env": [{"name": "A", "value": "b"}]}]}}}}""")]
    [InlineData("json", """[{"op": "replace", "path": "/spec/template/spec/terminationGracePeriodSeconds", "value": 5}]""")]
    public async Task Patch_changes_an_object_in_each_of_its_ways(string type, string patch)
    {
        await OkAsync(["create", "deployment", "web", "--image=web:1", "--replicas=0"]);

        await OkAsync(["patch", "deployment", "web", "--type", type, "-p", patch]);

        var deployment = JsonNode.Parse(await OkAsync(["get", "deployment", "web", "-o", "json"]))!["spec"]!["template"]!["spec"]!;
        Assert.Equal((5, "web:1"), ((int)deployment["terminationGracePeriodSeconds"]!, (string?)deployment["containers"]![0]!["image"]));
    }

    [Fact]
    public async Task Patch_writes_a_status_that_wait_waits_for()
    {
        await OkAsync(["apply", "-f", "-"], Service("payment", ""));
        var ready = """{"status": {"conditions": [{"type": "Ready", "status": "True", "reason": "Tested", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}""";

        var waiting = RunAsync(["wait", "--for=condition=Ready", "--timeout=60s", "msvc/payment"]);
        await OkAsync(["patch", "msvc", "payment", "--subresource=status", "--type=merge", "-p", ready]);

        Assert.Equal("managedservice.fleet.dabbawala.dev/payment condition met\n", (await waiting).Output);
    }

    [Fact]
    public async Task Delete_removes_what_wait_sees_gone()
    {
        await OkAsync(["apply", "-f", "-"], Service("payment", ""));
        var waiting = RunAsync(["wait", "--for=delete", "--timeout=60s", "msvc/payment"]);

        Assert.Equal("managedservice.fleet.dabbawala.dev \"payment\" deleted\n", await OkAsync(["delete", "msvc", "payment"]));

        Assert.Equal(0, (await waiting).ExitCode);
        var gone = await RunAsync(["get", "msvc", "payment"]);
        Assert.Equal("Error from server (NotFound): managedservices.fleet.dabbawala.dev \"payment\" not found\n", gone.Error);
    }

    [Fact]
    public async Task Scale_sets_the_replicas_of_built_in_and_custom_kinds()
    {
        await OkAsync(["create", "deployment", "web", "--image=web:1", "--replicas=0"]);
        await OkAsync(["apply", "-f", "-"], Service("payment", ""));

        await OkAsync(["scale", "deployment", "web", "--current-replicas=0", "--replicas=2"]);
        await OkAsync(["scale", "msvc", "payment", "--replicas=4"]);

        Assert.Equal("2", await OkAsync(["get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"]));
        Assert.Equal("4", await OkAsync(["get", "msvc", "payment", "-o", "jsonpath={.spec.workload.replicas}"]));
    }

    [Fact]
    public async Task Labels_and_annotations_are_set_and_removed()
    {
        await OkAsync(["apply", "-f", "-"], Service("payment", ""));

        await OkAsync(["label", "msvc", "payment", "a=1", "b=2"]);
        await OkAsync(["label", "msvc", "payment", "a=3", "b-", "--overwrite"]);
        await OkAsync(["annotate", "msvc", "payment", "note=some text"]);

        Assert.Equal("""{"a":"3"}""", await OkAsync(["get", "msvc", "payment", "-o", "jsonpath={.metadata.labels}"]));
        Assert.Equal("some text", await OkAsync(["get", "msvc", "payment", "-o", "jsonpath={.metadata.annotations.note}"]));
    }

    [Fact]
    public async Task Api_resources_lists_built_in_and_custom_kinds()
    {
        var resources = await OkAsync(["api-resources"]);

        Assert.Matches(@"(?m)^pods +po +v1 +true +Pod$", resources);
        Assert.Matches(@"(?m)^deployments +deploy +apps/v1 +true +Deployment$", resources);
        Assert.Matches(@"(?m)^managedservices +msvc +fleet.dabbawala.dev/v1alpha1 +true +ManagedService$", resources);
    }

    [Fact]
    public async Task Explain_tells_what_the_schemas_say()
    {
        Assert.Matches(@"(?s)KIND: +ManagedService.*FIELD: tier <string>.*ENUM:.*Critical", await OkAsync(["explain", "msvc.spec.tier"]));
        Assert.Matches(@"(?s)workload\t<Object>.*  ports\t<\[\]Object>.*    protocol\t<string>", await OkAsync(["explain", "msvc.spec", "--recursive"]));
        Assert.Matches(@"(?s)FIELD: replicas <integer>.*Number of desired pods", await OkAsync(["explain", "deployment.spec.replicas"]));
    }

    [Fact]
    public async Task A_misspelt_field_is_named_and_nothing_changed()
    {
        var refused = await RunAsync(["apply", "-f", "-"], Service("payment", "teir: High"));

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("unknown field \"spec.teir\"", refused.Error);
        Assert.Equal(1, (await RunAsync(["get", "msvc", "payment"])).ExitCode);
    }

    [Fact]
    public async Task A_wrong_value_is_named_with_what_would_be_right()
    {
        var refused = await RunAsync(["apply", "-f", "-"], Service("payment", "tier: Huge"));

        Assert.Contains("spec.tier: Unsupported value: \"Huge\": supported values: \"Critical\", \"High\", \"Standard\", \"Low\"", refused.Error);
    }

    [Fact]
    public async Task Rollouts_have_a_history_of_objects()
    {
        await OkAsync(["create", "deployment", "web", "--image=web:1", "--replicas=0"]);

        await OkAsync(["set", "image", "deployment/web", "web=web:2"]);
        await OkAsync(["rollout", "restart", "deployment/web"]);

        Assert.Equal("web:2", await OkAsync(["get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}"]));
        Assert.Equal("yes\n", await OkAsync(["auth", "can-i", "create", "pods"]));
    }

    private static string ConfigMap(string data, string name = "a", string metadata = "") =>
        $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: {{name}}{{metadata}} }
        data: { {{data}} }
        ---

        """;

    private static string Service(string name, string more) =>
        $$"""
        apiVersion: fleet.dabbawala.dev/v1alpha1
        kind: ManagedService
        metadata: {name: {{name}}}
        spec:
          {{more}}
          owner: {team: shop}
          workload:
            image: fleet.local/{{name}}:1.0.0
            ports: [{name: http, port: 8080}]
        ---

        """;

    private static async Task<string?> LineAsync(Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        return await process.StandardOutput.ReadLineAsync(patience.Token);
    }

    private Task<string> OkAsync(string[] arguments, string input = "") => kubectl.OkAsync(["-n", _namespace, .. arguments], input);

    private Task<KubectlRun> RunAsync(string[] arguments, string input = "") => kubectl.RunAsync(["-n", _namespace, .. arguments], input);
}
