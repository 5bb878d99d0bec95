namespace ControlPlane.Kubernetes.Resources;

/// <summary>The kinds of others that the fleet's operators read or own.</summary>
public static class KnownResources
{
    /// <summary>Namespaces.</summary>
    public static ResourceType Namespaces { get; } = new("", "v1", "namespaces", "Namespace", Namespaced: false);

    /// <summary>Nodes.</summary>
    public static ResourceType Nodes { get; } = new("", "v1", "nodes", "Node", Namespaced: false);

    /// <summary>Pods.</summary>
    public static ResourceType Pods { get; } = new("", "v1", "pods", "Pod");

    /// <summary>Services.</summary>
    public static ResourceType Services { get; } = new("", "v1", "services", "Service");

    /// <summary>ConfigMaps.</summary>
    public static ResourceType ConfigMaps { get; } = new("", "v1", "configmaps", "ConfigMap");

    /// <summary>ServiceAccounts.</summary>
    public static ResourceType ServiceAccounts { get; } = new("", "v1", "serviceaccounts", "ServiceAccount");

    /// <summary>Events.</summary>
    public static ResourceType Events { get; } = new("events.k8s.io", "v1", "events", "Event");

    /// <summary>Deployments.</summary>
    public static ResourceType Deployments { get; } = new("apps", "v1", "deployments", "Deployment");

    /// <summary>ReplicaSets.</summary>
    public static ResourceType ReplicaSets { get; } = new("apps", "v1", "replicasets", "ReplicaSet");

    /// <summary>ControllerRevisions: versions of what a workload runs.</summary>
    public static ResourceType ControllerRevisions { get; } = new("apps", "v1", "controllerrevisions", "ControllerRevision");

    /// <summary>StatefulSets.</summary>
    public static ResourceType StatefulSets { get; } = new("apps", "v1", "statefulsets", "StatefulSet");

    /// <summary>DaemonSets.</summary>
    public static ResourceType DaemonSets { get; } = new("apps", "v1", "daemonsets", "DaemonSet");

    /// <summary>HorizontalPodAutoscalers, version 2.</summary>
    public static ResourceType HorizontalPodAutoscalers { get; } = new("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler");

    /// <summary>PodDisruptionBudgets.</summary>
    public static ResourceType PodDisruptionBudgets { get; } = new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget");

    /// <summary>NetworkPolicies.</summary>
    public static ResourceType NetworkPolicies { get; } = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");

    /// <summary>Roles.</summary>
    public static ResourceType Roles { get; } = new("rbac.authorization.k8s.io", "v1", "roles", "Role");

    /// <summary>RoleBindings.</summary>
    public static ResourceType RoleBindings { get; } = new("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding");

    /// <summary>EndpointSlices.</summary>
    public static ResourceType EndpointSlices { get; } = new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice");

    /// <summary>CustomResourceDefinitions.</summary>
    public static ResourceType CustomResourceDefinitions { get; } =
        new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Namespaced: false);

    /// <summary>TokenReviews: questions whose a token is, of which nothing is stored.</summary>
    public static ResourceType TokenReviews { get; } = new("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", Namespaced: false);

    /// <summary>ServiceMonitors of the Prometheus operator.</summary>
    public static ResourceType ServiceMonitors { get; } = new("monitoring.coreos.com", "v1", "servicemonitors", "ServiceMonitor");

    /// <summary>PrometheusRules of the Prometheus operator.</summary>
    public static ResourceType PrometheusRules { get; } = new("monitoring.coreos.com", "v1", "prometheusrules", "PrometheusRule");
}
