using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Client;
using ControlPlane.Kubernetes.Manifests;
using ControlPlane.Kubernetes.Metrics;
using ControlPlane.Kubernetes.Resources;
using ControlPlane.Kubernetes.Resources.Rollouts;
using ControlPlane.Kubernetes.Resources.Traffic;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Operators.Cluster;
using Operators.Traffic.Providers;

namespace Architecture;

/// <summary>Holds manifests/install/rbac.yaml against what the program asks of the API: no verb too few, and none too many.</summary>
public sealed class InstallPermissionTests
{
    private static readonly ResourceType[] FleetKinds = [ManagedService.ResourceType, TrafficPolicy.ResourceType, RateLimitPolicy.ResourceType, CircuitPolicy.ResourceType, CanaryRollout.ResourceType];

    [Fact]
    public void The_cluster_role_grants_what_the_program_uses_and_nothing_else()
    {
        var granted = Granted().ToHashSet();
        var used = Used().ToHashSet();

        Assert.Equal(used.Order(), granted.Order());
    }

    private static IEnumerable<string> Granted() =>
        ManifestReader.Read(File.ReadAllText(Path.Combine(Repository.Root, "manifests", "install", "rbac.yaml")), "rbac.yaml")
            .Single(document => document.Kind == "ClusterRole").Json
            .Deserialize<V1ClusterRole>(KubeJson.Options)!.Rules
            .SelectMany(rule => Expand(rule.ApiGroups, rule.Resources, rule.Verbs));

    private static IEnumerable<string> Used()
    {
        using var meter = new Meter("test");
        using var connection = KubeConnection.Anonymous(new Uri("http://127.0.0.1:1"), new RuntimeMetrics(meter));
        var caches = new FleetCaches(new KubeApi(connection), new RuntimeMetrics(meter), TimeProvider.System, NullLoggerFactory.Instance);

        return
        [
            .. caches.All.Select(informer => informer.Type).Distinct().SelectMany(type => Verbs(type, "list", "watch")),

            // The applier, and the plans that ask the API by dry run.
            .. OwnedKinds.All.Concat(TrafficProviders.Kinds).Append(KnownResources.ControllerRevisions).SelectMany(type => Verbs(type, "get", "create", "patch", "delete")),

            // Adopted workloads and their fronts are looked at one by one when they are handed over.
            .. OwnedKinds.Workloads.SelectMany(type => Verbs(type, "get")),
            .. Verbs(KnownResources.Pods, "get"),
            .. Verbs(KnownResources.EndpointSlices, "get"),

            // Onboarding reads a namespace; the kinds that are followed anyway are above, and ConfigMaps are grantable.
            .. Verbs(KnownResources.Namespaces, "get"),
            .. Verbs(KnownResources.Nodes, "list"),

            // Commands of the console and the operator's status.
            .. FleetKinds.SelectMany(type => Verbs(type, "get", "create", "patch")),
            .. Verbs(CircuitPolicy.ResourceType, "delete"), // a forced circuit is released
            .. FleetKinds.Select(type => $"{type.Group}/{type.Plural}/status patch"),
            "fleet.dabbawala.dev/managedservices/finalizers update",
            .. Verbs(KnownResources.Events, "create", "patch"),

            // Whose a ServiceAccount's token is.
            .. Verbs(KnownResources.TokenReviews, "create"),
            "coordination.k8s.io/leases get",
            "coordination.k8s.io/leases create",
            "coordination.k8s.io/leases update",

            // Nobody can grant what he does not hold: all that spec.workload.permissions can ask for.
            .. Grantable(),
        ];
    }

    private static IEnumerable<string> Grantable()
    {
        var crd = ManifestReader.Read(File.ReadAllText(Path.Combine(Repository.Root, "manifests", "crds", "managedservices.yaml")), "crd").Single().Json;
        var permission = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["workload"]!["properties"]!["permissions"]!["items"]!["properties"]!;
        foreach (var resource in permission["resource"]!["enum"]!.AsArray().Select(Text))
        {
            var group = resource switch { "leases" => "coordination.k8s.io", "endpointslices" => "discovery.k8s.io", _ => "" };
            foreach (var verb in permission["verbs"]!["items"]!["enum"]!.AsArray().Select(Text))
            {
                if (resource == "leases" || verb is "get" or "list" or "watch")
                {
                    yield return $"{group}/{resource} {verb}";
                }
            }
        }
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static IEnumerable<string> Verbs(ResourceType type, params string[] verbs) => Expand([type.Group], [type.Plural], verbs);

    private static IEnumerable<string> Expand(IEnumerable<string> groups, IEnumerable<string> resources, IEnumerable<string> verbs) =>
        from @group in groups from resource in resources from verb in verbs select $"{@group}/{resource} {verb}";
}
