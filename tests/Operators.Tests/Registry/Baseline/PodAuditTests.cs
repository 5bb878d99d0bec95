using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Registry;
using Operators.Registry.Baseline;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry.Baseline;

public sealed class PodAuditTests
{
    private const string Container = "t.spec.containers[0]";

    /// <summary>A change of the baseline's own pods (a JSON merge patch of their spec), and the field that is found to fall short because of it.</summary>
    public static TheoryData<string, string> Shortfalls => new()
    {
        { "t.spec.securityContext.runAsNonRoot", "securityContext: {runAsNonRoot: false}" },
        { "t.spec.securityContext.seccompProfile.type", "securityContext: {seccompProfile: {type: Unconfined}}" },
        { "t.spec.hostNetwork", "hostNetwork: true" },
        { "t.spec.hostPID", "hostPID: true" },
        { "t.spec.hostIPC", "hostIPC: true" },
        { "t.spec.volumes[node].hostPath", "volumes: [{name: node, hostPath: {path: /}}]" },
        { "t.spec.topologySpreadConstraints", "topologySpreadConstraints: null" },
        {
            "t.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution",
            "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [b, a]}]}]}}}"
        },
        { "t.spec.automountServiceAccountToken", "automountServiceAccountToken: null" },
        { $"{Container}.livenessProbe", "containers: {livenessProbe: null}" },
        { $"{Container}.readinessProbe", "containers: {readinessProbe: null}" },
        { $"{Container}.lifecycle.preStop", "containers: {lifecycle: null}" },
        { $"{Container}.lifecycle.preStop", "containers: {lifecycle: {preStop: {sleep: {seconds: 45}}}}" },
        { $"{Container}.lifecycle.preStop", "containers: {lifecycle: {preStop: {sleep: null, exec: {command: [/bin/sh, -c, sleep 60]}}}}" },
        { $"{Container}.lifecycle.preStop", "containers: {lifecycle: {preStop: {sleep: null, exec: {command: [sleep, '60']}}}}" },
        { $"{Container}.resources.requests.cpu", "containers: {resources: {requests: {cpu: null}}}" },
        { $"{Container}.resources.requests.memory", "containers: {resources: {requests: {memory: null}}}" },
        { $"{Container}.resources.limits.memory", "containers: {resources: {limits: null}}" },
        { $"{Container}.image", "containers: {image: fleet/order}" },
        { $"{Container}.image", "containers: {image: 'fleet/order:latest'}" },
        { $"{Container}.securityContext.privileged", "containers: {securityContext: {privileged: true}}" },
        { $"{Container}.securityContext.allowPrivilegeEscalation", "containers: {securityContext: {allowPrivilegeEscalation: null}}" },
        { $"{Container}.securityContext.readOnlyRootFilesystem", "containers: {securityContext: {readOnlyRootFilesystem: false}}" },
        { $"{Container}.securityContext.capabilities.drop", "containers: {securityContext: {capabilities: {drop: [NET_RAW]}}}" },
        { $"{Container}.env[DB_PASSWORD].value", "containers: {env: [{name: DB_PASSWORD, value: hunter2}]}" },
        { $"{Container}.env[paymentApiKey].value", "containers: {env: [{name: paymentApiKey, value: hunter2}]}" },
        {
            "t.spec.initContainers[0].env[TOKEN].value",
            "initContainers: [{name: migrate, image: 'm:1', env: [{name: TOKEN, value: hunter2}], securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}}]"
        },
    };

    [Theory]
    [MemberData(nameof(Shortfalls))]
    public void What_falls_short_is_named_field_by_field(string field, string change)
    {
        var found = Assert.Single(PodAudit.Check("t", Template(change)));

        Assert.Equal(field, found.Field);
    }

    [Fact]
    public void The_baselines_own_pods_do_not_fall_short() => Assert.Empty(PodAudit.Check("t", Template("hostNetwork: false")));

    [Theory]
    [InlineData("containers: {env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]}")]
    [InlineData("containers: {env: [{name: DB_PASSWORD, value: ''}]}")]
    [InlineData("containers: {image: 'fleet/order@sha256:0123456789abcdef'}")]
    [InlineData("containers: {lifecycle: {preStop: {sleep: null, exec: {command: [/bin/drain]}}}}")]
    [InlineData("containers: {securityContext: {runAsNonRoot: true, seccompProfile: {type: Localhost}}}, securityContext: null")]
    [InlineData("topologySpreadConstraints: null, affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: []}}")]
    public void Other_ways_to_meet_the_baseline_are_accepted(string change) => Assert.Empty(PodAudit.Check("t", Template(change)));

    [Fact]
    public void The_value_of_a_secret_is_never_repeated()
    {
        var found = PodAudit.Check("t", Template("containers: {env: [{name: DB_PASSWORD, value: hunter2}]}"));

        Assert.DoesNotContain("hunter2", string.Join('\n', found), StringComparison.Ordinal);
        Assert.Equal(ShortfallSeverity.Error, found[0].Severity);
    }

    [Fact]
    public void Required_zones_are_listed_in_order()
    {
        var found = Assert.Single(PodAudit.Check("t", Template(
            "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [b, a]}, {key: disk, operator: Exists}]}]}}}")));

        Assert.Contains("a, b", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_without_a_pod_has_nothing_to_check() => Assert.Empty(PodAudit.Check("t", new V1PodTemplateSpec()));

    /// <summary>The template of the golden path, changed.</summary>
    private static V1PodTemplateSpec Template(string change)
    {
        var service = Samples.Service("order");
        var plan = ServicePlanner.Plan(new ServiceSnapshot(service, [], [], new ClusterFeatures(ServiceMonitors: false, PrometheusRules: false)));
        var template = System.Text.Json.Nodes.JsonNode.Parse(plan.Single(item => item.Type == KnownResources.Deployments).Json.Span)!["spec"]!["template"]!;
        var patch = Samples.Json($"{{apiVersion: v1, kind: Patch, metadata: {{name: x}}, spec: {{{change}}}}}")["spec"]!.AsObject();
        foreach (var (field, value) in patch)
        {
            // A mapping for containers changes the first one.
            var target = field == "containers" ? template["spec"]!["containers"]![0]! : template["spec"]!;
            Merge(target.AsObject(), field == "containers" ? value!.AsObject() : new() { [field] = value?.DeepClone() });
        }

        return template.Deserialize<V1PodTemplateSpec>(KubeJson.Options)!;
    }

    /// <summary>JSON merge patch (RFC 7386).</summary>
    private static void Merge(System.Text.Json.Nodes.JsonObject target, System.Text.Json.Nodes.JsonObject patch)
    {
        foreach (var (field, value) in patch)
        {
            if (value is System.Text.Json.Nodes.JsonObject map && target[field] is System.Text.Json.Nodes.JsonObject known)
            {
                Merge(known, map);
            }
            else if (value is null)
            {
                target.Remove(field);
            }
            else
            {
                target[field] = value.DeepClone();
            }
        }
    }
}
