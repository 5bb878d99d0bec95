using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

/// <summary>What happens to a pod from the moment that it is bound, on a clock that the test moves.</summary>
public sealed class PodLifecycleTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private RunningCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        await _cluster.StartAgentAsync(_clock);
        await _cluster.Nodes.UntilAll(all => all.Count == 3);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_pod_is_started_serves_on_its_address_and_is_reported_as_a_kubelet_would()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web"));

        var pod = await _cluster.Pods.Until("web", pod => pod.IsReady);

        var container = Assert.Single(pod.Status.ContainerStatuses);
        Assert.Equal(PodPhase.Running, pod.Status.Phase);
        Assert.Equal("127.0.0.1", pod.Status.HostIp);
        Assert.Equal(pod.Status.PodIp, Assert.Single(pod.Status.PodIps).Ip);
        Assert.NotNull(pod.Status.StartTime);
        Assert.Equal(["ContainersReady", "Initialized", "PodReadyToStartContainers", "PodScheduled", "Ready"], TypesOf(pod));
        Assert.True(container is { Ready: true, Started: true, RestartCount: 0, State.Running: not null, ContainerId: not null });
        using var http = new HttpClient();
        var echo = await http.GetFromJsonAsync<JsonObject>(Url(pod, "hello?a=1"), TestContext.Current.CancellationToken);
        Assert.Equal(("web", "1.2", "/hello?a=1"), ((string?)echo!["pod"], (string?)echo["version"], (string?)echo["path"]));
        await _cluster.Events.Until(e => e.Is("web", "Started"));
    }

    [Fact]
    public async Task A_pod_is_ready_for_as_long_as_its_probe_passes()
    {
        await using var health = await SwitchedEndpoint.StartAsync();
        health.Status = 503;
        await _cluster.ApplyAsync(TestPods.Yaml("web", $"readinessProbe: {{ periodSeconds: 7, failureThreshold: 2, {health.HttpGet} }}"));
        var pod = await _cluster.Pods.Until("web", pod => pod.Status.Phase == PodPhase.Running);
        Assert.False(pod.IsReady);
        var probed = await _cluster.Events.Until(e => e.Is("web", "Unhealthy"));
        Assert.Equal("Readiness probe failed: HTTP probe failed with statuscode: 503", probed.Note);

        health.Status = 200;
        await FireAsync(7);
        await _cluster.Pods.Until("web", pod => pod.IsReady);

        health.Status = 500;
        await FireAsync(7); // once is not enough
        await FireAsync(7);
        pod = await _cluster.Pods.Until("web", pod => !pod.IsReady);
        Assert.Equal("ContainersNotReady", pod.Status.Conditions.Find("Ready")!.Reason);
        Assert.Equal("containers with unready status: [main]", pod.Status.Conditions.Find("Ready")!.Message);
        Assert.Equal(0, pod.Status.ContainerStatuses[0].RestartCount);
    }

    [Fact]
    public async Task A_container_whose_liveness_probe_fails_is_restarted()
    {
        await using var health = await SwitchedEndpoint.StartAsync();
        await _cluster.ApplyAsync(TestPods.Yaml("web", $"livenessProbe: {{ periodSeconds: 7, failureThreshold: 1, {health.HttpGet} }}"));
        await _cluster.Pods.Until("web", pod => pod.IsReady);
        await _clock.UntilAsync(waiting => waiting.Contains(TimeSpan.FromSeconds(7)), "the first probe was not done"); // a pod without a readiness probe is ready before it

        health.Status = 500;
        await FireAsync(7);

        var pod = await _cluster.Pods.Until("web", pod => pod.Status.ContainerStatuses[0].RestartCount == 1);
        Assert.NotNull(pod.Status.ContainerStatuses[0].LastState.Terminated);
        await _cluster.Events.Until(e => e.Is("web", "Killing") && e.Note == "Container main failed liveness probe, will be restarted");
    }

    [Fact]
    public async Task Nothing_is_asked_before_the_startup_probe_has_passed()
    {
        await using var startup = await SwitchedEndpoint.StartAsync();
        startup.Status = 503;
        await _cluster.ApplyAsync(TestPods.Yaml("web", $"""
            startupProbe: {"{"} periodSeconds: 7, failureThreshold: 9, {startup.HttpGet} {"}"}
            livenessProbe: {"{"} failureThreshold: 1, httpGet: {"{"} port: 1, path: / {"}"} {"}"}
            """));
        await _cluster.Events.Until(e => e.Is("web", "Unhealthy") && e.Note.StartsWith("Startup probe failed", StringComparison.Ordinal));

        var pod = await _cluster.Pods.Until("web", pod => pod.Status.Phase == PodPhase.Running);
        Assert.True(pod.Status.ContainerStatuses[0] is { Ready: false, Started: false, RestartCount: 0 });

        startup.Status = 200;
        await FireAsync(7);

        await _cluster.Pods.Until("web", pod => pod.Status.ContainerStatuses[0].RestartCount > 0); // the liveness probe, which nothing answers
    }

    [Fact]
    public async Task A_container_that_keeps_ending_waits_longer_each_time()
    {
        await OutOfPhaseAsync();
        await _cluster.ApplyAsync(TestPods.Yaml("web", image: "web:crash-1"));

        var pod = await CrashLoopAsync(restarts: 1);
        Assert.Equal($"back-off 10s restarting failed container=main pod=web_shop({pod.Metadata.Uid})", pod.Status.ContainerStatuses[0].State.Waiting!.Message);
        Assert.Equal(1, pod.Status.ContainerStatuses[0].LastState.Terminated!.ExitCode);
        Assert.Equal(PodPhase.Running, pod.Status.Phase);

        await FireAsync(10);
        pod = await CrashLoopAsync(restarts: 2);
        Assert.StartsWith("back-off 20s ", pod.Status.ContainerStatuses[0].State.Waiting!.Message);

        await FireAsync(20);
        await CrashLoopAsync(restarts: 3);
        await _cluster.Events.Until(e => e.Is("web", "BackOff"));
    }

    [Fact]
    public async Task A_container_that_may_not_be_restarted_ends_its_pod()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("job", spec: "restartPolicy: Never", image: "web:broken"));

        var pod = await _cluster.Pods.Until("job", pod => pod.Status.Phase == PodPhase.Failed);

        Assert.Equal(1, pod.Status.ContainerStatuses[0].State.Terminated!.ExitCode);
        Assert.Equal("PodFailed", pod.Status.Conditions.Find("Ready")!.Reason);
    }

    [Fact]
    public async Task An_image_that_can_not_be_pulled_keeps_its_pod_pending()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web", image: "web:missing"));
        await _cluster.Pods.Until("web", pod => pod.Status.ContainerStatuses is [{ State.Waiting.Reason: "ErrImagePull" }]);

        await FireAsync(2);

        var pod = await _cluster.Pods.Until("web", pod => pod.Status.ContainerStatuses is [{ State.Waiting.Reason: "ImagePullBackOff" }]);
        Assert.Equal(PodPhase.Pending, pod.Status.Phase);
        Assert.StartsWith("Back-off pulling image \"web:missing\"", pod.Status.ContainerStatuses[0].State.Waiting!.Message);
    }

    [Fact]
    public async Task A_container_waits_for_the_configuration_that_it_names()
    {
        await OutOfPhaseAsync();
        await _cluster.ApplyAsync(TestPods.Yaml("web", "envFrom: [{configMapRef: {name: settings}}]"));
        var pod = await _cluster.Pods.Until("web", pod => pod.Status.ContainerStatuses is [{ State.Waiting.Reason: "CreateContainerConfigError" }]);
        Assert.Equal("configmap \"settings\" not found", pod.Status.ContainerStatuses[0].State.Waiting!.Message);

        await _cluster.ApplyAsync("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: shop}
            data: {MODE: fast}
            """);
        await FireAsync(10);

        await _cluster.Pods.Until("web", pod => pod.IsReady);
    }

    [Fact]
    public async Task Init_containers_are_refused_not_skipped()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web", spec: "initContainers: [{name: migrate, image: \"migrate:1\"}]"));

        var pod = await _cluster.Pods.Until("web", pod => pod.Status.InitContainerStatuses is [{ State.Waiting.Reason: "CreateContainerError" }]);

        Assert.Equal(PodPhase.Pending, pod.Status.Phase);
        Assert.Equal("containers with incomplete status: [migrate]", pod.Status.Conditions.Find("Initialized")!.Message);
    }

    [Fact]
    public async Task A_deleted_pod_serves_until_its_hook_has_ended_and_is_gone_then()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web", "lifecycle: {preStop: {sleep: {seconds: 5}}}"));
        var pod = await _cluster.Pods.Until("web", pod => pod.IsReady);
        using var http = new HttpClient();

        await _cluster.DeletePodAsync("web");
        await _cluster.Events.Until(e => e.Is("web", "Killing"));
        Assert.Equal("OK", await http.GetStringAsync(Url(pod, "health"), TestContext.Current.CancellationToken));
        await FireAsync(5);

        await _cluster.Pods.UntilGone("web");
        await RefusedAsync(pod);
    }

    [Fact]
    public async Task A_pod_that_does_not_end_in_its_time_is_ended()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web", "lifecycle: {preStop: {sleep: {seconds: 60}}}", "terminationGracePeriodSeconds: 17"));
        var pod = await _cluster.Pods.Until("web", pod => pod.IsReady);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(pod.Status.PodIp!), 8080, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: web\r\nContent-Length: 9\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        await _cluster.DeletePodAsync("web");
        await FireAsync(17);
        await FireAsync(2); // what is left to a container whose hook has used up all the time

        await _cluster.Pods.UntilGone("web");
        await RefusedAsync(pod);
    }

    [Fact]
    public async Task A_pod_that_is_removed_at_once_does_not_go_on_running()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web", "lifecycle: {preStop: {sleep: {seconds: 5}}}"));
        var pod = await _cluster.Pods.Until("web", pod => pod.IsReady);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse(pod.Status.PodIp!), 8080, TestContext.Current.CancellationToken);

        await _cluster.DeletePodAsync("web", TimeSpan.Zero);

        await Patience.For(ClosedAsync(client), "the connection to a pod that was removed stays open");
        await RefusedAsync(pod);
    }

    /// <summary>Nodes beat every 10 s since the start: moves on a little, so that other spans of 10 s can be told from theirs.</summary>
    private async Task OutOfPhaseAsync()
    {
        await _cluster.Leases.UntilAll(all => all.Count == 3);
        _clock.Advance(TimeSpan.FromSeconds(3));
    }

    private Task<TimeSpan> FireAsync(int seconds) => _clock.FireAsync(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds));

    private Task<Pod> CrashLoopAsync(int restarts) => _cluster.Pods.Until(
        "web", pod => pod.Status.ContainerStatuses is [{ State.Waiting.Reason: "CrashLoopBackOff" } main] && main.RestartCount == restarts);

    private static Uri Url(Pod pod, string path) => new($"http://{pod.Status.PodIp}:8080/{path}");

    private static IEnumerable<string> TypesOf(Pod pod) => pod.Status.Conditions.Where(c => c.IsTrue).Select(c => c.Type).Order(StringComparer.Ordinal);

    private static async Task RefusedAsync(Pod pod)
    {
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(
            () => client.ConnectAsync(IPAddress.Parse(pod.Status.PodIp!), 8080, TestContext.Current.CancellationToken).AsTask());
    }

    private static async Task ClosedAsync(TcpClient client)
    {
        var buffer = new byte[1];
        try
        {
            while (await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Aborted: that is closed, too.
        }
    }
}
