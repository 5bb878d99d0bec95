using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Caching;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Tests.Testing;
using Gateway.Tests.Testing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Hosting;

/// <summary>From the status of a CanaryRollout to the version that answers, on real requests.</summary>
public sealed class RolloutTests(RunningFleetGateway gateway) : IClassFixture<RunningFleetGateway>
{
    private static readonly Action<HttpRequestMessage> Tester = static request => request.Headers.Add("X-Tester", "yes");

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_follow_the_weight_and_are_counted_by_track()
    {
        await ServeAsync("weighed");
        await MoveAsync("weighed", "{weight: 0}");
        Assert.Equal((200, 0), await CallAsync("weighed", 200));

        await MoveAsync("weighed", "{weight: 30}");
        var (_, canary) = await CallAsync("weighed", 400);
        Assert.InRange(canary, 66, 174); // 120, and six standard deviations

        await MoveAsync("weighed", "{weight: 100}");
        Assert.Equal((0, 200), await CallAsync("weighed", 200));

        var windows = gateway.Metrics.Windows!;
        Assert.True(SpinWait.SpinUntil(() => Counted("stable") + Counted("canary") == 800, TimeSpan.FromSeconds(30))); // an answer is counted once all of it has gone out
        Assert.Equal(200 + canary, Counted("canary"));

        double Counted(string track) => windows.Read(windows.Since, TimeProvider.System.GetUtcNow()).Series
            .Where(series => series.Flow.Service == "shop/weighed" && series.Flow.Track == track).Sum(series => series.Counts.Total);
    }

    [Fact]
    public async Task No_request_is_lost_while_weights_change()
    {
        await ServeAsync("moving");
        await MoveAsync("moving", "{weight: 1}");
        using var over = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(async _ =>
        {
            var seen = new HashSet<string>();
            while (!over.IsCancellationRequested)
            {
                seen.Add((await gateway.EchoAsync("moving.test", "/")).Instance);
            }

            return seen;
        }).ToList();

        for (var weight = 5; weight <= 100; weight += 5)
        {
            await MoveAsync("moving", $"{{weight: {weight}}}");
        }

        await over.CancelAsync();
        Assert.Contains("moving-canary-1", (await Task.WhenAll(callers)).SelectMany(static seen => seen));
    }

    [Fact]
    public async Task Requests_that_match_go_to_the_canary_whatever_the_weight()
    {
        await ServeAsync("matched");
        await MoveAsync("matched", "{weight: 0, match: {headers: [{name: X-Tester, value: 'yes'}], cookies: [{name: beta, value: 'on'}]}}");

        Assert.Equal("matched-stable-1", (await gateway.EchoAsync("matched.test", "/")).Instance);
        Assert.Equal("matched-stable-1", (await gateway.EchoAsync("matched.test", "/", change: Tester)).Instance);
        Assert.Equal("matched-canary-1", (await gateway.EchoAsync("matched.test", "/", change: request =>
        {
            Tester(request);
            request.Headers.Add("Cookie", "a=b; beta=on");
        })).Instance);
    }

    [Fact]
    public async Task A_user_of_a_service_that_hashes_stays_on_one_version()
    {
        await ServeAsync("sticky");
        await PolicyAsync("TrafficPolicy", "sticky", "loadBalancing: {algorithm: ConsistentHash, hashOn: {type: Header, name: user-id}}", gateway.Host.Declared!.Traffic);
        await MoveAsync("sticky", "{weight: 50}");

        var homes = new Dictionary<string, string>();
        for (var call = 0; call < 120; call++)
        {
            var user = $"u-{call % 40}";
            var home = (await gateway.EchoAsync("sticky.test", "/", change: request => request.Headers.Add("user-id", user))).Instance;
            Assert.Equal(homes.TryGetValue(user, out var before) ? before : home, home);
            homes[user] = home;
        }

        Assert.Equal(2, homes.Values.Distinct().Count());
    }

    [Fact]
    public async Task When_the_version_that_was_drawn_has_no_instance_the_other_one_answers()
    {
        await gateway.AddServiceAsync("alone", instances: 0);
        await gateway.AddTrackAsync("alone", Tracks.Stable);
        await DeclareAsync("alone");
        await MoveAsync("alone", "{weight: 100}");
        Assert.Equal("alone-stable-1", (await gateway.EchoAsync("alone.test", "/")).Instance);

        await gateway.AddTrackAsync("alone", Tracks.Canary);
        Assert.Equal("alone-canary-1", (await gateway.EchoAsync("alone.test", "/")).Instance);

        await gateway.Api.DeleteAsync(KnownResources.EndpointSlices, new(RunningGateway.Namespace, "alone-stable-1"), new DeletePreconditions(), Ending);
        await MoveAsync("alone", "{weight: 0}");
        await GoneAsync(gateway.Caches.SliceInformer, "alone-stable-1");
        Assert.Equal("alone-canary-1", (await gateway.EchoAsync("alone.test", "/")).Instance);
    }

    [Fact]
    public async Task An_instance_waits_until_its_pod_says_what_it_is()
    {
        await gateway.AddServiceAsync("late", instances: 0);
        await gateway.AddTrackAsync("late", Tracks.Stable);
        await DeclareAsync("late");
        await MoveAsync("late", "{weight: 100}");
        await using var canary = await EchoBackend.StartAsync("late-canary-1");
        await gateway.AddInstanceAsync("late", canary.Name, canary.Port, pod: canary.Name);
        Assert.Equal((20, 0), await CallAsync("late", 20));

        await gateway.AddPodAsync(canary.Name, Tracks.Canary);
        Assert.Equal((0, 20), await CallAsync("late", 20));
    }

    [Fact]
    public async Task Without_a_rollout_a_canary_gets_nothing()
    {
        await ServeAsync("left-over");

        Assert.Equal((20, 0), await CallAsync("left-over", 20));
    }

    [Fact]
    public async Task Errors_of_a_canary_on_trial_do_not_open_the_circuit_and_those_of_one_that_takes_all_do()
    {
        var (_, canary) = await ServeAsync("guarded");
        canary.Instead = Fail(500);
        await PolicyAsync("CircuitPolicy", "guarded", "consecutiveErrors: 3, openFor: 1h", gateway.Host.Declared!.Circuits);
        await MoveAsync("guarded", "{weight: 0, match: {headers: [{name: X-Tester, value: 'yes'}]}}");

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.InternalServerError, await StatusAsync("guarded", Tester));
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("guarded"));

        await MoveAsync("guarded", "{weight: 100}");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.InternalServerError, await StatusAsync("guarded"));
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync("guarded"));
        Assert.Equal(8, canary.Requests);
    }

    [Fact]
    public async Task A_canary_that_hangs_keeps_no_user_of_the_stable_version_waiting()
    {
        var (_, canary) = await ServeAsync("hanging");
        var (arrived, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        canary.Instead = async _ =>
        {
            arrived.TrySetResult();
            await goOn.Task;
            return false;
        };
        await PolicyAsync("CircuitPolicy", "hanging", "pool: {maxRequests: 1, maxPending: 0}", gateway.Host.Declared!.Circuits);
        await MoveAsync("hanging", "{weight: 0, match: {headers: [{name: X-Tester, value: 'yes'}]}}");
        var hangs = StatusAsync("hanging", Tester);
        await Patience.For(arrived.Task, "the request did not get to the canary");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("hanging"));
        goOn.SetResult();
        Assert.Equal(HttpStatusCode.OK, await hangs);
    }

    [Fact]
    public async Task A_further_try_stays_with_the_version()
    {
        await gateway.AddServiceAsync("tried", instances: 0);
        var stable = await gateway.AddTrackAsync("tried", Tracks.Stable);
        var canaries = await gateway.AddTrackAsync("tried", Tracks.Canary, instances: 2);
        canaries[0].Instead = Fail(503);
        await DeclareAsync("tried");
        await PolicyAsync("TrafficPolicy", "tried", "retries: {attempts: 1}", gateway.Host.Declared!.Traffic);
        await MoveAsync("tried", "{weight: 100}");

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("tried-canary-2", (await gateway.EchoAsync("tried.test", "/")).Instance);
        }

        Assert.Equal((0, true), (stable[0].Requests, canaries[0].Requests > 0));
    }

    [Fact]
    public async Task The_canary_gets_copies_of_requests_to_the_stable_version()
    {
        var (stable, canary) = await ServeAsync("copied");
        var copy = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        canary.Instead = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            copy.TrySetResult($"{context.Request.Path} {await reader.ReadToEndAsync()}");
            return false;
        };
        await MoveAsync("copied", "{weight: 0, mirror: 100}");

        var answer = await gateway.EchoAsync("copied.test", "/order", HttpMethod.Post, request => request.Content = new StringContent("one"));

        Assert.Equal(("copied-stable-1", "one"), (answer.Instance, answer.Body));
        await Patience.For(copy.Task, "no copy came");
        Assert.Equal(("/order one", 1), (await copy.Task, stable.Requests));
    }

    /// <summary>A service with an instance of each version.</summary>
    private async Task<(EchoBackend Stable, EchoBackend Canary)> ServeAsync(string name)
    {
        await gateway.AddServiceAsync(name, instances: 0);
        var stable = Assert.Single(await gateway.AddTrackAsync(name, Tracks.Stable));
        var canary = Assert.Single(await gateway.AddTrackAsync(name, Tracks.Canary));
        await DeclareAsync(name);
        return (stable, canary);
    }

    private async Task DeclareAsync(string name)
    {
        await gateway.ApplyAsync($$$$"""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: ManagedService
            metadata: {name: {{{{name}}}}}
            spec: {owner: {team: orders}, workloadRef: {kind: Deployment, name: {{{{name}}}}}}
            """);
        await RunningGateway.UntilAsync(gateway.Host.Declared!.Services, new ObjectKey(RunningGateway.Namespace, name), static _ => true, "the gateway did not hear of the service");
        await gateway.RouteAsync(name, $"{name}.test", $"[{{backendRefs: [{{name: {name}, port: 80}}]}}]");
    }

    private async Task PolicyAsync<T>(string kind, string name, string settings, Informer<T> informer)
        where T : class, IKubeObject
    {
        await gateway.ApplyAsync($$$$"""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: {{{{kind}}}}
            metadata: {name: {{{{name}}}}}
            spec: {targetRefs: [{kind: ManagedService, name: {{{{name}}}}}], {{{{settings}}}}}
            """);
        await RunningGateway.UntilAsync(informer, new ObjectKey(RunningGateway.Namespace, name), static _ => true, "the gateway did not hear of the policy");
    }

    /// <summary>Writes the status of the rollout of a service, as its operator does, and waits until the gateway has heard of it.</summary>
    private async Task MoveAsync(string name, string status)
    {
        var key = new ObjectKey(RunningGateway.Namespace, name);
        await gateway.ApplyAsync($$$$"""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CanaryRollout
            metadata: {name: {{{{name}}}}}
            spec: {members: [{service: {{{{name}}}}}], steps: [{setWeight: 100}]}
            """);
        var patch = Assert.Single(ManifestReader.Read($$$$"""
            apiVersion: fleet.dabbawala.dev/v1alpha1
            kind: CanaryRollout
            metadata: {name: {{{{name}}}}}
            status: {{{{status}}}}
            """, "status.yaml")).Json;
        patch["status"]!["members"] = new JsonArray(new JsonObject { ["service"] = name });
        var stored = await gateway.Api.MergePatchAsync(
            CanaryRollout.ResourceType, key, JsonSerializer.SerializeToUtf8Bytes(patch), new WriteOptions { FieldManager = "test", Subresource = "status" }, Ending);
        var version = (string)JsonNode.Parse(stored)!["metadata"]!["resourceVersion"]!;
        await RunningGateway.UntilAsync(gateway.Host.Rollouts, key, rollout => rollout.Metadata.ResourceVersion == version, "the gateway did not hear of the rollout");
    }

    private async Task<(int Stable, int Canary)> CallAsync(string name, int times)
    {
        var canary = 0;
        for (var i = 0; i < times; i++)
        {
            canary += (await gateway.EchoAsync($"{name}.test", "/")).Instance.Contains(Tracks.Canary, StringComparison.Ordinal) ? 1 : 0;
        }

        return (times - canary, canary);
    }

    private async Task<HttpStatusCode> StatusAsync(string name, Action<HttpRequestMessage>? change = null)
    {
        using var response = await gateway.SendAsync($"{name}.test", "/", change: change);
        return response.StatusCode;
    }

    private static async Task GoneAsync<T>(Informer<T> informer, string name)
        where T : class, IKubeObject
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = informer.Cache.Subscribe(change =>
        {
            if (change.New is null && change.Key.Name == name)
            {
                gone.TrySetResult();
            }
        });
        if (informer.Cache.Find(new(RunningGateway.Namespace, name)) is null)
        {
            return;
        }

        await Patience.For(gone.Task, $"the gateway did not hear of the end of {name}");
    }

    private static Func<HttpContext, Task<bool>> Fail(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.FromResult(true);
    };
}
