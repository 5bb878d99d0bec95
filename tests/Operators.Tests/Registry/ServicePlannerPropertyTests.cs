using System.Text.Json;
using ControlPlane.Kubernetes.Resources;
using CsCheck;
using k8s.Models;
using Operators.Registry;
using Operators.Tests.Testing;

namespace Operators.Tests.Registry;

public sealed class ServicePlannerPropertyTests
{
    /// <summary>Fields whose zero value the API stores, because their Go type is a pointer or a union.</summary>
    private static readonly HashSet<string> StoredZeroes =
    [
        "maxSurge", "maxUnavailable", "replicas", "stabilizationWindowSeconds", "optional", "podSelector",
        "automountServiceAccountToken", "enableServiceLinks", "allowPrivilegeEscalation", "readOnlyRootFilesystem",
    ];

    /// <summary>Maps and lists of people's own words, where an empty one is stored.</summary>
    private static readonly HashSet<string> FreeText = ["labels", "annotations", "matchLabels", "command", "args", "apiGroups"];

    private static readonly Gen<WorkloadProbe> Probe =
        from path in Gen.Const("/p").Null()
        from delay in Gen.Int[0, 3].Nullable()
        from period in Gen.Int[1, 3].Nullable()
        select new WorkloadProbe { Path = path, InitialDelaySeconds = delay, PeriodSeconds = period };

    private static readonly Gen<IReadOnlyDictionary<string, ResourceQuantity>> Quantities =
        from cpu in Gen.OneOf("100m", "0.5", "1000m", "2", "1.5")
        from memory in Gen.OneOf("1024Mi", "128Mi", "1Gi", "0.5Gi", "268435456")
        from both in Gen.Bool
        select both
            ? new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu), ["memory"] = new(memory) }
            : (IReadOnlyDictionary<string, ResourceQuantity>)new Dictionary<string, ResourceQuantity> { ["memory"] = new(memory) };

    private static readonly Gen<WorkloadResources> Resources =
        from requests in Quantities.Null()
        from limits in Quantities.Null()
        select new WorkloadResources { Requests = requests, Limits = limits };

    private static readonly Gen<WorkloadVariable> Variable =
        from value in Gen.OneOf("", "x").Null()
        from optional in Gen.Bool.Nullable()
        from isSecret in Gen.Bool
        select isSecret
            ? new WorkloadVariable { Name = "A", SecretKeyRef = new KeyReference { Name = "s", Key = "k", Optional = optional } }
            : new WorkloadVariable { Name = "A", Value = value };

    private static readonly Gen<WorkloadVariables> Variables =
        from prefix in Gen.OneOf("", "P_").Null()
        from optional in Gen.Bool.Nullable()
        select new WorkloadVariables { ConfigMap = "c", Prefix = prefix, Optional = optional };

    private static readonly Gen<WorkloadMount> Mount = Gen.OneOf(
        new WorkloadMount { Path = "/tmp", Scratch = "1024Mi" },
        new WorkloadMount { Path = "/c", ConfigMap = "c" },
        new WorkloadMount { Path = "/d", Claim = "d" });

    private static readonly Gen<IReadOnlyDictionary<string, string>> Texts =
        Gen.OneOf("", "v").Select(value => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { ["k"] = value });

    private static readonly Gen<ServiceWorkload> Pods =
        from resources in Resources.Null()
        from variables in Variable.List[0, 1]
        from from_ in Variables.List[0, 1]
        from mounts in Mount.List[0, 1]
        from liveness in Probe.Null()
        from startup in Probe.Null()
        from texts in Texts.Null()
        from readOnly in Gen.Bool
        from preStop in Gen.Int[0, 1]
        select new ServiceWorkload
        {
            Image = "fleet/a:1",
            Resources = resources,
            Env = variables,
            EnvFrom = from_,
            Mounts = mounts,
            Probes = new WorkloadProbes { Liveness = liveness, Startup = startup },
            PodLabels = texts,
            PodAnnotations = texts,
            Security = new WorkloadSecurity { ReadOnlyRootFilesystem = readOnly },
            Lifecycle = new WorkloadLifecycle { PreStopSeconds = preStop },
        };

    private static readonly Gen<ManagedService> Service =
        from pods in Pods
        from mode in Gen.Enum<AutoscalingMode>()
        from replicas in Gen.Int[0, 2]
        from window in Gen.Int[0, 1]
        from surge in Gen.OneOf<IntOrString>(0, 1, "0%", "25%")
        from monitoring in Gen.Bool
        from labels in Texts.Null()
        from permissions in Gen.OneOf(new WorkloadPermission { Resource = "pods", Verbs = ["get"] }).List[0, 1]
        select Samples.Service("a", "b").With(_ => pods with
        {
            Replicas = replicas,
            Autoscaling = new WorkloadAutoscaling { Mode = mode, ScaleUp = new ScaleUpPace { StabilizationWindowSeconds = window } },
            Rollout = new WorkloadRollout { MaxSurge = surge },
            Disruption = new WorkloadDisruption { MaxUnavailable = surge },
            Monitoring = new WorkloadMonitoring { Enabled = monitoring },
            Network = new WorkloadNetwork { AllowFrom = [new NetworkCaller { PodLabels = labels, Namespace = labels is null ? "n" : null }] },
            Permissions = permissions,
        });

    [Fact]
    public void What_the_server_would_drop_or_rewrite_is_never_rendered() =>
        Service.Sample(
            service =>
            {
                var snapshot = new ServiceSnapshot(
                    service, Callers: [], [new Neighbour(Samples.Key("b"), PodLabels: null, Ports: [])], new ClusterFeatures(ServiceMonitors: true, PrometheusRules: true));
                foreach (var item in ServicePlanner.Plan(snapshot))
                {
                    using var json = JsonDocument.Parse(item.Json);
                    Assert.Empty(Unstable(json.RootElement, parent: "", name: ""));
                }
            },
            iter: 1000);

    [Fact]
    public void Requests_are_never_above_limits() =>
        Resources.Where(declared => declared.Requests is null || declared.Limits is null).Sample(
            declared =>
            {
                var service = Samples.Service("a").With(workload => workload with { Resources = declared });
                var objects = ServicePlanner.Plan(new ServiceSnapshot(service, [], [], new ClusterFeatures(ServiceMonitors: false, PrometheusRules: false)));
                var deployment = JsonSerializer.Deserialize<V1Deployment>(
                    objects.Single(item => item.Type == KnownResources.Deployments).Json.Span, KubeJson.Options)!;
                var resources = deployment.Spec.Template.Spec.Containers[0].Resources;
                Assert.All(
                    resources.Limits,
                    limit => Assert.True(!resources.Requests.TryGetValue(limit.Key, out var request) || request.ToDecimal() <= limit.Value.ToDecimal()));
            });

    private static IEnumerable<string> Unstable(JsonElement value, string parent, string name)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                return value.EnumerateObject().SelectMany(property => Unstable(property.Value, name, property.Name));
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                return value.EnumerateArray().SelectMany(item => Unstable(item, parent, name));
            case JsonValueKind.String when parent is "requests" or "limits" || name == "sizeLimit":
                return new ResourceQuantity(value.GetString()).ToString() == value.GetString() ? [] : [$"{parent}.{name} = {value}"];
            default:
                return IsZero(value) && !StoredZeroes.Contains(name) && !FreeText.Contains(parent) && !FreeText.Contains(name) ? [$"{parent}.{name} = {value}"] : [];
        }
    }

    private static bool IsZero(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Number => value.GetDecimal() == 0,
        JsonValueKind.True => false,
        _ => true,
    };
}
