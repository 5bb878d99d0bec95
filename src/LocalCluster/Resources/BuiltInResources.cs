using ControlPlane.Kubernetes.Resources;
using LocalCluster.Schemas;
using LocalCluster.Selectors;

namespace LocalCluster.Resources;

/// <summary>The kinds of Kubernetes itself that are served, as Kubernetes' own discovery documents describe them.</summary>
internal static class BuiltInResources
{
    private const string NoController = "nothing on this local cluster acts on this kind: the object is stored, and that is all";

    private const string NoWebhooks = "this local cluster does not call admission webhooks";

    private static readonly string[] ReferenceFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

    private static readonly ApiSubresource Scale = new("scale", "Scale", "autoscaling", "v1", ApiVerbs.ReadWrite);

    /// <summary>The API groups in Kubernetes' order, each with its preferred version first.</summary>
    public static IReadOnlyList<ApiGroup> Groups { get; } =
    [
        .. All().GroupBy(r => r.Type.Group).Select(group => new ApiGroup(
            group.Key, [.. group.GroupBy(r => r.Type.Version).Select(version => new ApiGroupVersion(version.Key, [.. version]))])),
    ];

    private static IEnumerable<ApiResource> All() =>
    [
        .. Core("v1"), .. Apps("apps", "v1"), Events("events.k8s.io", "v1"), .. Authentication("authentication.k8s.io", "v1"),
        .. Authorization("authorization.k8s.io", "v1"), Autoscaler("v2", SameVersion.Instance),
        Autoscaler("v1", HorizontalPodAutoscalerConversion.Instance), .. Batch("batch", "v1"), Certificates("certificates.k8s.io", "v1"),
        .. Networking("networking.k8s.io", "v1"), Policy("policy", "v1"), .. Rbac("rbac.authorization.k8s.io", "v1"),
        .. Storage("storage.k8s.io", "v1"), .. AdmissionRegistration("admissionregistration.k8s.io", "v1"),
        ApiExtensions("apiextensions.k8s.io", "v1"), ApiRegistration("apiregistration.k8s.io", "v1"), Scheduling("scheduling.k8s.io", "v1"), Coordination("coordination.k8s.io", "v1"),
        Node("node.k8s.io", "v1"), Discovery("discovery.k8s.io", "v1"), .. FlowControl("flowcontrol.apiserver.k8s.io", "v1"),
    ];

    private static ApiResource[] Core(string v) =>
    [
        new Definition("", v, "bindings", "Binding") { Verbs = ApiVerbs.CreateOnly },
        new Definition("", v, "configmaps", "ConfigMap", "cm"),
        new Definition("", v, "endpoints", "Endpoints", "ep") { Singular = "endpoints" },
        new Definition("", v, "events", "Event", "ev") { SelectableFields = EventFields("involvedObject", "reportingComponent") },
        new Definition("", v, "limitranges", "LimitRange", "limits"),
        new Definition("", v, "namespaces", "Namespace", "ns")
        {
            Namespaced = false,
            Verbs = ApiVerbs.OneByOne,
            Subresources = [new("finalize", "Namespace", null, null, ApiVerbs.UpdateOnly), Status("Namespace")],
            SelectableFields = [SelectableField.At("status.phase")],
        },
        new Definition("", v, "nodes", "Node", "no")
        {
            Namespaced = false,
            Subresources = [Status("Node")],
            SelectableFields = [SelectableField.At("spec.unschedulable", "false")],
        },
        new Definition("", v, "persistentvolumeclaims", "PersistentVolumeClaim", "pvc")
        {
            Subresources = [Status("PersistentVolumeClaim")],
            Unattended = NoController,
        },
        new Definition("", v, "persistentvolumes", "PersistentVolume", "pv")
        {
            Namespaced = false,
            Subresources = [Status("PersistentVolume")],
            Unattended = NoController,
        },
        new Definition("", v, "pods", "Pod", "po")
        {
            Categories = ["all"],
            Subresources =
            [
                new("binding", "Binding", null, null, ApiVerbs.CreateOnly),
                new("ephemeralcontainers", "Pod", null, null, ApiVerbs.ReadWrite),
                new("eviction", "Eviction", "policy", "v1", ApiVerbs.CreateOnly),
                new("log", "Pod", null, null, ApiVerbs.GetOnly),
                new("resize", "Pod", null, null, ApiVerbs.ReadWrite),
                Status("Pod"),
            ],
            SelectableFields =
            [
                SelectableField.At("spec.nodeName"), SelectableField.At("spec.restartPolicy"), SelectableField.At("spec.schedulerName"),
                SelectableField.At("spec.serviceAccountName"), SelectableField.At("spec.hostNetwork", "false"), SelectableField.At("status.phase"),
                SelectableField.At("status.podIP"), SelectableField.At("status.nominatedNodeName"),
            ],
        },
        new Definition("", v, "podtemplates", "PodTemplate"),
        new Definition("", v, "replicationcontrollers", "ReplicationController", "rc")
        {
            Categories = ["all"],
            Subresources = [Scale, Status("ReplicationController")],
            SelectableFields = [SelectableField.At("status.replicas", "0")],
            Unattended = NoController,
        },
        new Definition("", v, "resourcequotas", "ResourceQuota", "quota") { Subresources = [Status("ResourceQuota")] },
        new Definition("", v, "secrets", "Secret") { SelectableFields = [SelectableField.At("type")] },
        new Definition("", v, "serviceaccounts", "ServiceAccount", "sa")
        {
            Subresources = [new("token", "TokenRequest", "authentication.k8s.io", "v1", ApiVerbs.CreateOnly)],
        },
        new Definition("", v, "services", "Service", "svc")
        {
            Categories = ["all"],
            Subresources = [Status("Service")],
            SelectableFields = [SelectableField.At("spec.clusterIP"), SelectableField.At("spec.type")],
        },
    ];

    private static ApiResource[] Apps(string group, string v) =>
    [
        new Definition(group, v, "controllerrevisions", "ControllerRevision"),
        new Definition(group, v, "daemonsets", "DaemonSet", "ds")
        {
            Categories = ["all"],
            Subresources = [Status("DaemonSet")],
            Unattended = NoController,
        },
        new Definition(group, v, "deployments", "Deployment", "deploy")
        {
            Categories = ["all"],
            Subresources = [Scale, Status("Deployment")],
        },
        new Definition(group, v, "replicasets", "ReplicaSet", "rs")
        {
            Categories = ["all"],
            Subresources = [Scale, Status("ReplicaSet")],
            SelectableFields = [SelectableField.At("status.replicas", "0")],
        },
        new Definition(group, v, "statefulsets", "StatefulSet", "sts")
        {
            Categories = ["all"],
            Subresources = [Scale, Status("StatefulSet")],
            Unattended = NoController,
        },
    ];

    // The same objects as the core group's events, under the names that the newer API has for their fields.
    private static ApiResource Events(string group, string v) =>
        new Definition(group, v, "events", "Event", "ev")
        {
            StorageName = "events",
            Conversion = EventConversion.Instance,
            StoredApiVersion = "v1",
            SelectableFields = EventFields("regarding", "reportingController"),
        };

    private static ApiResource[] Authentication(string group, string v) =>
    [
        new Definition(group, v, "selfsubjectreviews", "SelfSubjectReview") { Namespaced = false, Verbs = ApiVerbs.CreateOnly },
        new Definition(group, v, "tokenreviews", "TokenReview") { Namespaced = false, Verbs = ApiVerbs.CreateOnly },
    ];

    private static ApiResource[] Authorization(string group, string v) =>
    [
        new Definition(group, v, "localsubjectaccessreviews", "LocalSubjectAccessReview") { Verbs = ApiVerbs.CreateOnly },
        new Definition(group, v, "selfsubjectaccessreviews", "SelfSubjectAccessReview") { Namespaced = false, Verbs = ApiVerbs.CreateOnly },
        new Definition(group, v, "selfsubjectrulesreviews", "SelfSubjectRulesReview") { Namespaced = false, Verbs = ApiVerbs.CreateOnly },
        new Definition(group, v, "subjectaccessreviews", "SubjectAccessReview") { Namespaced = false, Verbs = ApiVerbs.CreateOnly },
    ];

    private static ApiResource Autoscaler(string v, IVersionConversion conversion) =>
        new Definition("autoscaling", v, "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa")
        {
            Categories = ["all"],
            Subresources = [Status("HorizontalPodAutoscaler")],
            Conversion = conversion,
            StoredApiVersion = "autoscaling/v2",
        };

    private static ApiResource[] Batch(string group, string v) =>
    [
        new Definition(group, v, "cronjobs", "CronJob", "cj")
        {
            Categories = ["all"],
            Subresources = [Status("CronJob")],
            Unattended = NoController,
        },
        new Definition(group, v, "jobs", "Job")
        {
            Categories = ["all"],
            Subresources = [Status("Job")],
            SelectableFields = [new SelectableField("status.successful", ["status", "succeeded"], "0")],
            Unattended = NoController,
        },
    ];

    private static ApiResource Certificates(string group, string v) =>
        new Definition(group, v, "certificatesigningrequests", "CertificateSigningRequest", "csr")
        {
            Namespaced = false,
            Subresources =
            [
                new("approval", "CertificateSigningRequest", null, null, ApiVerbs.ReadWrite), Status("CertificateSigningRequest"),
            ],
            SelectableFields = [SelectableField.At("spec.signerName")],
            Unattended = NoController,
        };

    private static ApiResource[] Networking(string group, string v) =>
    [
        new Definition(group, v, "ingressclasses", "IngressClass") { Namespaced = false },
        new Definition(group, v, "ingresses", "Ingress", "ing") { Subresources = [Status("Ingress")], Unattended = NoController },
        new Definition(group, v, "ipaddresses", "IPAddress", "ip") { Namespaced = false },
        new Definition(group, v, "networkpolicies", "NetworkPolicy", "netpol"),
        new Definition(group, v, "servicecidrs", "ServiceCIDR") { Namespaced = false, Subresources = [Status("ServiceCIDR")] },
    ];

    private static ApiResource Policy(string group, string v) =>
        new Definition(group, v, "poddisruptionbudgets", "PodDisruptionBudget", "pdb") { Subresources = [Status("PodDisruptionBudget")] };

    private static ApiResource[] Rbac(string group, string v) =>
    [
        new Definition(group, v, "clusterrolebindings", "ClusterRoleBinding") { Namespaced = false },
        new Definition(group, v, "clusterroles", "ClusterRole") { Namespaced = false },
        new Definition(group, v, "rolebindings", "RoleBinding"),
        new Definition(group, v, "roles", "Role"),
    ];

    private static ApiResource[] Storage(string group, string v) =>
    [
        new Definition(group, v, "csidrivers", "CSIDriver") { Namespaced = false },
        new Definition(group, v, "csinodes", "CSINode") { Namespaced = false },
        new Definition(group, v, "csistoragecapacities", "CSIStorageCapacity"),
        new Definition(group, v, "storageclasses", "StorageClass", "sc") { Namespaced = false },
        new Definition(group, v, "volumeattachments", "VolumeAttachment")
        {
            Namespaced = false,
            Subresources = [Status("VolumeAttachment")],
            Unattended = NoController,
        },
        new Definition(group, v, "volumeattributesclasses", "VolumeAttributesClass", "vac") { Namespaced = false },
    ];

    private static ApiResource[] AdmissionRegistration(string group, string v) =>
    [
        ApiExtension(group, v, "mutatingadmissionpolicies", "MutatingAdmissionPolicy"),
        ApiExtension(group, v, "mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding"),
        ApiExtension(group, v, "mutatingwebhookconfigurations", "MutatingWebhookConfiguration") with { Unattended = NoWebhooks },
        ApiExtension(group, v, "validatingadmissionpolicies", "ValidatingAdmissionPolicy") with { Subresources = [Status("ValidatingAdmissionPolicy")] },
        ApiExtension(group, v, "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding"),
        ApiExtension(group, v, "validatingwebhookconfigurations", "ValidatingWebhookConfiguration") with { Unattended = NoWebhooks },
    ];

    private static Definition ApiExtension(string group, string v, string plural, string kind) =>
        new(group, v, plural, kind) { Namespaced = false, Categories = ["api-extensions"] };

    private static ApiResource ApiExtensions(string group, string v) =>
        new Definition(group, v, "customresourcedefinitions", "CustomResourceDefinition", "crd", "crds")
        {
            Namespaced = false,
            Categories = ["api-extensions"],
            Subresources = [Status("CustomResourceDefinition")],
        };

    private static ApiResource ApiRegistration(string group, string v)
    {
        var type = new ResourceType(group, v, "apiservices", "APIService", Namespaced: false);
        return new ApiResource
        {
            Type = type,
            Singular = "apiservice",
            ListKind = "APIServiceList",
            Categories = ["api-extensions"],
            Subresources = [Status("APIService")],
            StorageName = type.QualifiedName,
            Schema = new Lazy<SchemaNode>(SchemaNode.Anything),
            Unattended = "this local cluster aggregates no other API servers",
        };
    }

    private static ApiResource Scheduling(string group, string v) =>
        new Definition(group, v, "priorityclasses", "PriorityClass", "pc") { Namespaced = false };

    private static ApiResource Coordination(string group, string v) => new Definition(group, v, "leases", "Lease");

    private static ApiResource Node(string group, string v) => new Definition(group, v, "runtimeclasses", "RuntimeClass") { Namespaced = false };

    private static ApiResource Discovery(string group, string v) => new Definition(group, v, "endpointslices", "EndpointSlice");

    private static ApiResource[] FlowControl(string group, string v) =>
    [
        new Definition(group, v, "flowschemas", "FlowSchema") { Namespaced = false, Subresources = [Status("FlowSchema")] },
        new Definition(group, v, "prioritylevelconfigurations", "PriorityLevelConfiguration")
        {
            Namespaced = false,
            Subresources = [Status("PriorityLevelConfiguration")],
        },
    ];

    private static SelectableField[] EventFields(string subject, string reporter) =>
    [
        .. ReferenceFields.Select(field => new SelectableField($"{subject}.{field}", ["involvedObject", field])),
        SelectableField.At("reason"), SelectableField.At("type"), new SelectableField(reporter, ["reportingComponent"]),
        new SelectableField("source", ["source", "component"]) { Otherwise = ["reportingComponent"] },
    ];

    private static ApiSubresource Status(string kind) => new("status", kind, null, null, ApiVerbs.ReadWrite);

    /// <summary>What the table above says of a kind; all else follows from it.</summary>
    private sealed record Definition(string Group, string Version, string Plural, string Kind, params string[] ShortNames)
    {
        public bool Namespaced { get; init; } = true;

        public string? Singular { get; init; }

        public string? StorageName { get; init; }

        public string? StoredApiVersion { get; init; }

        public SelectableField[] SelectableFields { get; init; } = [];

        public string[] Categories { get; init; } = [];

        public IReadOnlyList<string> Verbs { get; init; } = ApiVerbs.All;

        public ApiSubresource[] Subresources { get; init; } = [];

        public IVersionConversion Conversion { get; init; } = SameVersion.Instance;

        public string? Unattended { get; init; }

        public static implicit operator ApiResource(Definition definition)
        {
            var type = new ResourceType(definition.Group, definition.Version, definition.Plural, definition.Kind, definition.Namespaced);
            return new ApiResource
            {
                Type = type,
                Singular = definition.Singular ?? definition.Kind.ToLowerInvariant(),
                ListKind = definition.Kind + "List",
                ShortNames = definition.ShortNames,
                Categories = definition.Categories,
                Verbs = definition.Verbs,
                Subresources = definition.Subresources,
                StorageName = definition.StorageName ?? type.QualifiedName,
                Conversion = definition.Conversion,
                Scale = definition.Subresources.Contains(Scale) ? ScaleMapping.BuiltIn : null,
                Unattended = definition.Unattended,
                SelectableFields = definition.SelectableFields,
                Schema = SchemaOf(type.ApiVersion, type.Kind),
                StoredSchema = SchemaOf(definition.StoredApiVersion ?? type.ApiVersion, type.Kind),
            };
        }

        private static Lazy<SchemaNode> SchemaOf(string apiVersion, string kind) => new(() =>
            BuiltInSchemas.Find(apiVersion, kind) ?? throw new InvalidOperationException($"no schema for {apiVersion} {kind}"));
    }
}
