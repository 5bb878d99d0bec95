using System.Text;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Tests.Testing;
using LocalCluster.Tests.Testing;
using LocalCluster.Workloads;

namespace LocalCluster.Tests.NodeAgent;

/// <summary>What <c>kubectl logs</c> gets, through the API server as it does.</summary>
public sealed class PodLogTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly HttpClient _http = new();
    private RunningCluster _cluster = null!;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await RunningCluster.StartAsync();
        await _cluster.StartAgentAsync(_clock, _cluster.Agent with { Nodes = 1 });
        await _cluster.Nodes.Until(node => node.IsReady);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task The_last_lines_are_those_that_were_written_last()
    {
        var pod = await EchoAsync();
        await AskAsync(pod, "one");
        await AskAsync(pod, "two");

        Assert.Equal($"{Line("/one")}\n{Line("/two")}\n", await LogAsync("web", "tailLines=2"));
        Assert.StartsWith("an echo service runs in place of image", await LogAsync("web", ""));
    }

    [Fact]
    public async Task Lines_since_a_time_leave_out_the_older_ones()
    {
        var pod = await EchoAsync();
        await AskAsync(pod, "old");
        _clock.Advance(TimeSpan.FromSeconds(60));
        await AskAsync(pod, "new");

        Assert.Equal($"{Line("/new")}\n", await LogAsync("web", "sinceSeconds=30"));
        Assert.Equal($"{_clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss}.000000000Z {Line("/new")}\n", await LogAsync("web", "sinceSeconds=30&timestamps=true"));
        Assert.Equal("Echoi", await LogAsync("web", "sinceSeconds=30&limitBytes=5"));
    }

    [Fact]
    public async Task A_follower_gets_lines_as_they_are_written_and_ends_with_the_container()
    {
        var pod = await EchoAsync();
        var path = new Uri(_cluster.Address, "api/v1/namespaces/shop/pods/web/log?follow=true&tailLines=0");
        using var response = await Patience.For(
            _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Ending), "nothing was heard of a log without a line to send");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ending));

        await AskAsync(pod, "now");
        Assert.Equal(Line("/now"), await Patience.For(reader.ReadLineAsync(Ending).AsTask(), "the line that was written did not come"));

        await _cluster.DeletePodAsync("web");
        Assert.Null(await Patience.For(reader.ReadLineAsync(Ending).AsTask(), "the log did not end with the container"));
    }

    [Fact]
    public async Task The_run_before_has_a_log_of_its_own()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web", image: "web:crash"));
        await _cluster.Pods.Until("web", pod => pod.Status.ContainerStatuses is [{ RestartCount: 1, State.Waiting.Reason: "CrashLoopBackOff" }]);

        Assert.Equal("image web:crash is made to fail: its tag says so\n", await LogAsync("web", "previous=true"));
    }

    [Fact]
    public async Task A_log_that_is_not_there_is_refused_in_the_words_of_a_kubelet()
    {
        await EchoAsync();
        await _cluster.ApplyAsync(TestPods.Yaml("waiting", image: "web:missing"));
        await _cluster.Pods.Until("waiting", pod => pod.Status.ContainerStatuses is [{ State.Waiting.Reason: "ErrImagePull" }]);

        Assert.Equal(
            "previous terminated container \"main\" in pod \"web\" not found", (await Assert.ThrowsAsync<KubeApiException>(() => LogAsync("web", "previous=true"))).Message);
        Assert.Equal(
            "container \"main\" in pod \"waiting\" is waiting to start: ErrImagePull",
            (await Assert.ThrowsAsync<KubeApiException>(() => LogAsync("waiting", ""))).Message);
        Assert.Equal("container other is not valid for pod web", (await Assert.ThrowsAsync<KubeApiException>(() => LogAsync("web", "container=other"))).Message);
    }

    private static string Line(string target) => $"Echoing back request made to {target} to client (127.0.0.1)";

    private async Task<Pod> EchoAsync()
    {
        await _cluster.ApplyAsync(TestPods.Yaml("web"));
        return await _cluster.Pods.Until("web", pod => pod.IsReady);
    }

    private Task<string> AskAsync(Pod pod, string path) => _http.GetStringAsync(new Uri($"http://{pod.Status.PodIp}:8080/{path}"), Ending);

    private async Task<string> LogAsync(string pod, string query) =>
        Encoding.UTF8.GetString(await _cluster.Api.GetRawAsync($"/api/v1/namespaces/shop/pods/{pod}/log?{query}", Ending));
}
