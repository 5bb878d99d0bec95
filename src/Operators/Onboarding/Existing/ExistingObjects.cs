using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Kubernetes.Resources;
using k8s.Models;
using Operators.Onboarding.Findings;
using Operators.Registry.Baseline;

namespace Operators.Onboarding.Existing;

/// <summary>Where objects were read.</summary>
public enum ObjectOrigin
{
    /// <summary>Files, as people write them.</summary>
    Manifests,

    /// <summary>A running cluster, with all that it fills in.</summary>
    Cluster,
}

/// <summary>
/// What a team already has and onboarding looks at. Of Secrets only the names of their entries are kept; kinds that nobody looks at are
/// passed over.
/// </summary>
public sealed class ExistingObjects
{
    private const string ZoneLabel = "topology.kubernetes.io/zone";
    private const string NamespaceNameLabel = "kubernetes.io/metadata.name";

    private readonly List<Finding> _unreadable = [];
    private readonly Dictionary<string, IDictionary<string, string>> _namespaces = new(StringComparer.Ordinal);
    private HashSet<string>? _zones;

    internal ExistingObjects(ObjectOrigin origin) => Origin = origin;

    /// <summary>Where they were read.</summary>
    public ObjectOrigin Origin { get; }

    internal List<ExistingWorkload> Workloads { get; } = [];

    internal List<V1Service> Services { get; } = [];

    internal List<V2HorizontalPodAutoscaler> Autoscalers { get; } = [];

    internal List<V1PodDisruptionBudget> Budgets { get; } = [];

    internal List<V1NetworkPolicy> NetworkPolicies { get; } = [];

    internal List<V1Role> Roles { get; } = [];

    internal List<V1ConfigMap> ConfigMaps { get; } = [];

    internal List<SecretKeys> Secrets { get; } = [];

    /// <summary>Objects that do not fit their kind.</summary>
    internal IReadOnlyList<Finding> Unreadable => _unreadable;

    /// <summary>Zones of the cluster's nodes; null when the nodes are not known.</summary>
    internal IReadOnlySet<string>? Zones => _zones;

    /// <summary>Reads objects. The values of Secrets are removed from them at once.</summary>
    /// <param name="objects">The objects, as JSON.</param>
    /// <param name="origin">Where they come from.</param>
    /// <param name="defaultNamespace">Namespace of objects that do not name one.</param>
    public static ExistingObjects Read(IEnumerable<JsonObject> objects, ObjectOrigin origin, string defaultNamespace = "default")
    {
        ArgumentNullException.ThrowIfNull(objects);
        var existing = new ExistingObjects(origin);
        foreach (var json in objects)
        {
            existing.Add(json, defaultNamespace);
        }

        return existing;
    }

    /// <summary>Labels of a namespace; its name alone when it was not read.</summary>
    internal IDictionary<string, string> LabelsOfNamespace(string name) =>
        _namespaces.TryGetValue(name, out var labels) ? labels : new Dictionary<string, string> { [NamespaceNameLabel] = name };

    /// <summary>Adds an object.</summary>
    internal void Add(JsonObject json, string defaultNamespace)
    {
        var kind = Text(json["kind"]);
        var metadata = json["metadata"] as JsonObject ?? [];
        var ns = Text(metadata["namespace"]) is { Length: > 0 } given ? given : defaultNamespace;
        var reference = new ObjectReference(kind, new(ns, Text(metadata["name"])));
        try
        {
            Add(json, reference);
        }
        catch (JsonException e)
        {
            var field = e.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "kind";
            _unreadable.Add(new(reference, field, $"does not fit a {kind}; the object is passed over", ShortfallSeverity.Error));
        }
    }

    private void Add(JsonObject json, ObjectReference reference)
    {
        switch (Text(json["apiVersion"]), reference.Kind)
        {
            case ("apps/v1", "Deployment" or "StatefulSet" or "DaemonSet"):
                Workloads.Add(new(reference, json, Decode<V1Deployment>(json, reference)));
                break;
            case ("v1", "Service"):
                Services.Add(Decode<V1Service>(json, reference));
                break;
            case ("autoscaling/v2", "HorizontalPodAutoscaler"):
                Autoscalers.Add(Decode<V2HorizontalPodAutoscaler>(json, reference));
                break;
            case ("policy/v1", "PodDisruptionBudget"):
                Budgets.Add(Decode<V1PodDisruptionBudget>(json, reference));
                break;
            case ("networking.k8s.io/v1", "NetworkPolicy"):
                NetworkPolicies.Add(Decode<V1NetworkPolicy>(json, reference));
                break;
            case ("rbac.authorization.k8s.io/v1", "Role"):
                Roles.Add(Decode<V1Role>(json, reference));
                break;
            case ("v1", "ConfigMap"):
                ConfigMaps.Add(Decode<V1ConfigMap>(json, reference));
                break;
            case ("v1", "Secret"):
                Secrets.Add(SecretKeys.Take(reference.Key, json));
                break;
            case ("v1", "Namespace"):
                _namespaces[reference.Key.Name] = new Dictionary<string, string>(Decode<V1Namespace>(json, reference).Metadata.Labels ?? new Dictionary<string, string>())
                {
                    [NamespaceNameLabel] = reference.Key.Name,
                };
                break;
            case ("v1", "Node"):
                AddZone(json);
                break;
            case (var version, "Deployment" or "StatefulSet" or "DaemonSet" or "HorizontalPodAutoscaler" or "PodDisruptionBudget" or "NetworkPolicy" or "Role"):
                _unreadable.Add(new(reference, "apiVersion", $"'{version}' is not the version that current clusters serve; the object is passed over", ShortfallSeverity.Error));
                break;
        }
    }

    private void AddZone(JsonObject node)
    {
        _zones ??= new(StringComparer.Ordinal);
        if (Text(node["metadata"]?["labels"]?[ZoneLabel]) is { Length: > 0 } zone)
        {
            _zones.Add(zone);
        }
    }

    private static T Decode<T>(JsonObject json, ObjectReference reference)
        where T : k8s.IKubernetesObject<V1ObjectMeta>
    {
        var item = json.Deserialize<T>(KubeJson.Options) ?? throw new JsonException("an object is missing");
        item.Metadata ??= new V1ObjectMeta();
        item.Metadata.NamespaceProperty = reference.Key.Namespace;
        return item;
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
