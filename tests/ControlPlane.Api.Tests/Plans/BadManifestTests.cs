using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Api.Tests.Testing;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Api.Tests.Plans;

/// <summary>What is wrong is named with file, line or field; nothing is changed; nobody sees our code.</summary>
public sealed class BadManifestTests(RunningControlPlane running)
{
    /// <summary>Edits of a sound declaration, with the field at fault and its line.</summary>
    public static TheoryData<string, string, string, int> Faults => new()
    {
        { "  tier: Standard", "  teir: Standard", "spec.teir", 8 },
        { "    - {name: http, port: 8080}", "    - {name: http, port: 8080, prot: TCP}", "spec.workload.ports[0].prot", 13 },
        { "  tier: Standard", "  tier: Golden", "spec.tier", 8 },
        { "  tier: Standard", "  tier: 5", "spec.tier", 8 },
        { "port: 8080", "port: eighty", "spec.workload.ports[0].port", 13 },
        { "    image: fleet/app:1.0.0", "    replicas: 2", "spec.workload", 10 },
        { "name: order", $"name: {new string('a', 51)}", "", 1 },
        { "dependsOn: []", "dependsOn: [{name: order}]", "spec.dependsOn[0]", 9 },
        { "dependsOn: []", "dependsOn: [{name: nobody}]", "spec.dependsOn[0]", 9 },
        { "kind: ManagedService", "kind: ManagedServise", "kind", 2 },
        { "  name: order", "  nom: order", "metadata.name", 3 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_named_with_field_and_line(string right, string wrong, string field, int line)
    {
        var ns = await running.NamespaceAsync();
        var sound = Declarations.Service(ns, "order");
        Assert.Contains(right, sound, StringComparison.Ordinal);
        var yaml = sound.Replace(right, wrong, StringComparison.Ordinal);

        var plan = (await running.PostYamlAsync("/api/v1/plans?file=order.yaml", yaml)).Ok();
        var applied = await running.PostYamlAsync("/api/v1/manifests?file=order.yaml", yaml);

        var manifest = plan["manifests"]![0]!;
        Assert.Equal(("Refuse", "order.yaml"), ((string)manifest["action"]!, (string)manifest["file"]!));
        var problem = manifest["problems"]![0]!;
        Assert.Equal((field, line), ((string)problem["field"]!, (int)problem["line"]!));
        Assert.NotEmpty((string)problem["message"]!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, applied.Status);
        Assert.Empty(await running.Cluster.ListAsync(ManagedService.ResourceType, ns));
    }

    [Fact]
    public async Task One_bad_manifest_keeps_all_from_being_applied()
    {
        var ns = await running.NamespaceAsync();
        var yaml = $"{Declarations.Service(ns, "sound")}---\n{Declarations.Service(ns, "broken", tier: "Golden")}";

        var applied = await running.PostYamlAsync("/api/v1/manifests", yaml);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, applied.Status);
        Assert.Equal(["Create", "Refuse"], applied.Json["plan"]!["manifests"]!.AsArray().Select(manifest => (string)manifest!["action"]!));
        Assert.Empty(await running.Cluster.ListAsync(ManagedService.ResourceType, ns));
    }

    [Theory]
    [InlineData("kind: ]", 1)]
    [InlineData("a: 1\na: 2", 2)]
    [InlineData("a: 1\n- b", 2)]
    [InlineData("a: &x [*x]", 1)]
    [InlineData("just a text", 1)]
    public async Task What_is_no_manifest_is_a_problem_with_file_and_line(string text, int line)
    {
        var problem = (await running.PostYamlAsync("/api/v1/plans?file=broken.yaml", text)).Problem(HttpStatusCode.BadRequest);

        Assert.Equal(("broken.yaml", line), ((string)problem["file"]!, (int)problem["line"]!));
    }

    [Fact]
    public async Task A_file_of_several_is_named()
    {
        var problem = (await running.PostJsonAsync("/api/v1/plans", Files(("a.yaml", "a: 1"), ("b.yaml", "b: ]")))).Problem(HttpStatusCode.BadRequest);

        Assert.Equal("b.yaml", (string)problem["file"]!);
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("# nothing", "body")]
    [InlineData("""{"manifests": []}""", "body")]
    [InlineData("""{"manifests": [null]}""", "manifests[0].content")]
    [InlineData("""{"manifests": [{"file": "a.yaml"}]}""", "manifests[0].content")]
    public async Task A_body_without_manifests_is_a_problem(string body, string field) =>
        Assert.Equal(field, (string)(await PostBytesAsync(Encoding.UTF8.GetBytes(body), "application/json")).Problem(HttpStatusCode.BadRequest)["field"]!);

    [Fact]
    public async Task A_body_of_10_MB_is_refused_before_it_is_sent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/plans") { Content = new ByteArrayContent(new byte[10 * 1024 * 1024]) };
        request.Headers.ExpectContinue = true;

        (await Answer.ReadAsync(await running.Http.SendAsync(request, TestContext.Current.CancellationToken))).Problem(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_body_that_is_no_text_is_a_problem() =>
        (await PostBytesAsync([0xff, 0xfe, 0x00], "application/yaml")).Problem(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Aliases_that_stand_for_billions_of_values_are_refused()
    {
        var lines = Enumerable.Range(1, 9).Select(i => $"l{i}: &l{i} [{string.Join(", ", Enumerable.Repeat($"*l{i - 1}", 9))}]");

        (await running.PostYamlAsync("/api/v1/plans", $"l0: &l0 [a, b]\n{string.Join('\n', lines)}")).Problem(HttpStatusCode.BadRequest);
    }

    private static JsonObject Files(params (string File, string Content)[] files) =>
        new() { ["manifests"] = new JsonArray([.. files.Select(file => new JsonObject { ["file"] = file.File, ["content"] = file.Content })]) };

    private Task<Answer> PostBytesAsync(byte[] body, string mediaType) =>
        running.PostAsync("/api/v1/plans", new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } });
}
