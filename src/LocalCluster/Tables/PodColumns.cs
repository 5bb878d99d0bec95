using System.Text.Json.Nodes;
using LocalCluster.Resources;
using static LocalCluster.Tables.Cells;

namespace LocalCluster.Tables;

/// <summary>The columns of pods. Their status sums up what the containers are doing, in the order in which <c>kubectl</c> users expect it.</summary>
internal static class PodColumns
{
    /// <summary>The columns.</summary>
    public static TableColumn[] All(TimeProvider clock) =>
    [
        new("Ready", o => $"{Summary.Of(o).Ready}/{Summary.Of(o).Total}"),
        new("Status", o => Summary.Of(o).Status),
        new("Restarts", o => Restarts(Summary.Of(o), clock)),
        Age(clock),
        Wide("IP", o => o.Json.Text("status.podIP") is { Length: > 0 } ip ? ip : None),
        Column("Node", "spec.nodeName", None, priority: 1),
        Column("Nominated Node", "status.nominatedNodeName", None, priority: 1),
        Wide("Readiness Gates", ReadinessGates),
    ];

    private static string Restarts(Summary pod, TimeProvider clock) =>
        pod.LastRestart is null ? $"{pod.Restarts}" : $"{pod.Restarts} ({HumanDuration.Since(pod.LastRestart, clock.GetUtcNow())} ago)";

    private static JsonNode? ReadinessGates(KubeObject pod)
    {
        var gates = pod.Json.Items("spec.readinessGates");
        var met = gates.Count(gate => pod.Json.Items("status.conditions")
            .Any(c => c.Text("type") == gate.Text("conditionType") && c.Text("status") == "True"));
        return gates.Count == 0 ? None : $"{met}/{gates.Count}";
    }

    private sealed record Summary(string Status, int Ready, int Total, long Restarts, string? LastRestart)
    {
        public static Summary Of(KubeObject pod)
        {
            var json = pod.Json;
            var status = json.Text("status.reason") is { Length: > 0 } reason ? reason : json.Text("status.phase");
            if (Condition(json, "PodScheduled").Text("reason") == "SchedulingGated")
            {
                status = "SchedulingGated";
            }

            var initial = json.Items("status.initContainerStatuses");
            var containers = json.Items("status.containerStatuses");
            var initializing = Initializing(json, initial);
            if (initializing is not null && Condition(json, "Initialized").Text("status") != "True")
            {
                return new Summary(WhenDeleted(pod, initializing), 0, Containers(json), Sum(initial), LastRestartOf(initial));
            }

            status = Running(json, containers, status);
            var ready = containers.Count(c => c.Text("ready") == "true" && c.At("state.running") is not null);
            return new Summary(WhenDeleted(pod, status), ready, Containers(json), Sum(containers), LastRestartOf(containers));
        }

        // The first init container that has not ended well yet says what the pod waits for.
        private static string? Initializing(JsonObject pod, IReadOnlyList<JsonNode> statuses)
        {
            var total = pod.Items("spec.initContainers").Count;
            foreach (var (i, container) in statuses.Index())
            {
                var terminated = container.At("state.terminated");
                if (terminated is not null && terminated.Number("exitCode") == 0)
                {
                    continue;
                }

                return terminated is not null ? $"Init:{Ended(terminated)}"
                    : container.Text("state.waiting.reason") is { Length: > 0 } waiting && waiting != "PodInitializing" ? $"Init:{waiting}"
                    : $"Init:{i}/{total}";
            }

            return null;
        }

        private static string Running(JsonObject pod, IReadOnlyList<JsonNode> containers, string status)
        {
            foreach (var container in containers.Reverse())
            {
                if (container.Text("state.waiting.reason") is { Length: > 0 } waiting)
                {
                    status = waiting;
                }
                else if (container.At("state.terminated") is { } terminated)
                {
                    status = Ended(terminated);
                }
            }

            // Some containers may run on although others are done.
            var someRun = containers.Any(c => c.Text("ready") == "true" && c.At("state.running") is not null);
            return status == "Completed" && someRun
                ? Condition(pod, "Ready").Text("status") == "True" ? "Running" : "NotReady"
                : status;
        }

        private static string Ended(JsonNode terminated) =>
            terminated.Text("reason") is { Length: > 0 } reason ? reason
            : terminated.Number("signal") != 0 ? $"Signal:{terminated.Number("signal")}"
            : $"ExitCode:{terminated.Number("exitCode")}";

        private static string WhenDeleted(KubeObject pod, string status) =>
            pod.DeletionTimestamp is null || pod.Json.Text("status.phase") is "Succeeded" or "Failed" ? status
            : pod.Json.Text("status.reason") == "NodeLost" ? "Unknown"
            : "Terminating";

        private static JsonNode? Condition(JsonObject pod, string type) =>
            pod.Items("status.conditions").FirstOrDefault(c => c.Text("type") == type);

        private static int Containers(JsonObject pod) => pod.Items("spec.containers").Count;

        private static long Sum(IReadOnlyList<JsonNode> containers) => containers.Sum(c => c.Number("restartCount"));

        private static string? LastRestartOf(IReadOnlyList<JsonNode> containers) =>
            containers.Where(c => c.Number("restartCount") > 0).Select(c => c.Text("lastState.terminated.finishedAt"))
                .Where(t => t.Length > 0).Max(StringComparer.Ordinal);
    }
}
