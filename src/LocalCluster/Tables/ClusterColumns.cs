using System.Text.Json.Nodes;
using LocalCluster.Resources;
using static LocalCluster.Tables.Cells;

namespace LocalCluster.Tables;

/// <summary>The columns of nodes, namespaces, events, configuration, rights and of the kinds that extend the API.</summary>
internal static class ClusterColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    /// <summary>The columns by the name under which objects are stored.</summary>
    public static IEnumerable<KeyValuePair<string, TableColumn[]>> All(TimeProvider clock) =>
    [
        new("namespaces", [Column("Status", "status.phase"), Age(clock)]),
        new("nodes", NodeColumns(clock)),
        new("events", EventColumns(clock)),
        new("configmaps", [new("Data", o => Keys(o, "data") + Keys(o, "binaryData")), Age(clock)]),
        new("secrets", [Column("Type", "type"), Size("Data", "data"), Age(clock)]),
        new("serviceaccounts", [Age(clock)]),
        new("resourcequotas", [new("Request", o => Quota(o, limits: false)), new("Limit", o => Quota(o, limits: true)), Age(clock)]),
        new("persistentvolumeclaims", ClaimColumns(clock)),
        new("persistentvolumes", VolumeColumns(clock)),
        new("storageclasses.storage.k8s.io",
        [
            Column("Provisioner", "provisioner"), Column("ReclaimPolicy", "reclaimPolicy", "Delete"),
            Column("VolumeBindingMode", "volumeBindingMode", "Immediate"), new("AllowVolumeExpansion", o => o.Json.Text("allowVolumeExpansion") == "true"), Age(clock),
        ]),
        new("volumeattachments.storage.k8s.io",
        [
            Column("Attacher", "spec.attacher"), Column("PV", "spec.source.persistentVolumeName"), Column("Node", "spec.nodeName"),
            Flag("Attached", "status.attached"), Age(clock),
        ]),
        new("csidrivers.storage.k8s.io",
        [
            Flag("AttachRequired", "spec.attachRequired", absent: true), Flag("PodInfoOnMount", "spec.podInfoOnMount"),
            Flag("StorageCapacity", "spec.storageCapacity"), new("TokenRequests", o => o.Json.Items("spec.tokenRequests") is { Count: > 0 } requests ? Join(requests.Select(t => t.Text("audience"))) : "<unset>"),
            Flag("RequiresRepublish", "spec.requiresRepublish"),
            new("Modes", o => Join(o.Json.Items("spec.volumeLifecycleModes").Select(m => (string)m!))), Age(clock),
        ]),
        new("csinodes.storage.k8s.io", [Size("Drivers", "spec.drivers", "integer"), Age(clock)]),
        new("rolebindings.rbac.authorization.k8s.io", BindingColumns(clock)),
        new("clusterrolebindings.rbac.authorization.k8s.io", BindingColumns(clock)),
        new("priorityclasses.scheduling.k8s.io",
        [
            Count("Value", "value"), Flag("Global-Default", "globalDefault"), Age(clock), Column("PreemptionPolicy", "preemptionPolicy", "PreemptLowerPriority"),
        ]),
        new("leases.coordination.k8s.io", [Column("Holder", "spec.holderIdentity"), Age(clock)]),
        new("runtimeclasses.node.k8s.io", [Column("Handler", "handler"), Age(clock)]),
        new("certificatesigningrequests.certificates.k8s.io",
        [
            Age(clock), Column("SignerName", "spec.signerName", None), Column("Requestor", "spec.username"),
            new("RequestedDuration", o => o.Json.At("spec.expirationSeconds") is null ? None : HumanDuration.Of(TimeSpan.FromSeconds(o.Json.Number("spec.expirationSeconds")))),
            new("Condition", CertificateCondition),
        ]),
        new("mutatingwebhookconfigurations.admissionregistration.k8s.io", [Size("Webhooks", "webhooks", "integer"), Age(clock)]),
        new("validatingwebhookconfigurations.admissionregistration.k8s.io", [Size("Webhooks", "webhooks", "integer"), Age(clock)]),
        new("validatingadmissionpolicies.admissionregistration.k8s.io",
        [
            Size("Validations", "spec.validations", "integer"),
            new("ParamKind", o => o.Json.At("spec.paramKind") is { } kind ? $"{kind.Text("apiVersion")}/{kind.Text("kind")}" : "<unset>"), Age(clock),
        ]),
        new("validatingadmissionpolicybindings.admissionregistration.k8s.io",
        [
            Column("PolicyName", "spec.policyName"),
            new("ParamRef", o => o.Json.At("spec.paramRef") is not { } param ? "<unset>" : param.Text("name") is { Length: > 0 } name ? $"{(param.Text("namespace") is { Length: > 0 } ns ? ns : "*")}/{name}" : "*/*"), Age(clock),
        ]),
        new("flowschemas.flowcontrol.apiserver.k8s.io",
        [
            Column("PriorityLevel", "spec.priorityLevelConfiguration.name"), new("MatchingPrecedence", o => o.Json.Number("spec.matchingPrecedence")),
            Column("DistinguisherMethod", "spec.distinguisherMethod.type", None), Age(clock),
            new("MissingPL", o => o.Json.Items("status.conditions").FirstOrDefault(c => c.Text("type") == "Dangling").Text("status") is { Length: > 0 } dangling ? dangling : "?"),
        ]),
        new("prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
        [
            Column("Type", "spec.type"), Column("NominalConcurrencyShares", "spec.limited.nominalConcurrencyShares", None),
            Column("Queues", "spec.limited.limitResponse.queuing.queues", None), Column("HandSize", "spec.limited.limitResponse.queuing.handSize", None),
            Column("QueueLengthLimit", "spec.limited.limitResponse.queuing.queueLengthLimit", None), Age(clock),
        ]),
    ];

    private static TableColumn[] NodeColumns(TimeProvider clock) =>
    [
        new("Status", NodeStatus), new("Roles", NodeRoles), Age(clock), Column("Version", "status.nodeInfo.kubeletVersion"),
        Wide("Internal-IP", o => Address(o, "InternalIP")), Wide("External-IP", o => Address(o, "ExternalIP")),
        Column("OS-Image", "status.nodeInfo.osImage", "<unknown>", priority: 1),
        Wide("Kernel-Version", o => o.Json.Text("status.nodeInfo.kernelVersion") is { Length: > 0 } version ? version : "<unknown>"),
        Column("Container-Runtime", "status.nodeInfo.containerRuntimeVersion", "<unknown>", priority: 1),
    ];

    private static TableColumn[] EventColumns(TimeProvider clock) =>
    [
        new("Last Seen", o => HumanDuration.Since(Event(o, "series.lastObservedTime", "lastTimestamp", "firstTimestamp", "eventTime"), clock.GetUtcNow())),
        Column("Type", "type"), Column("Reason", "reason"),
        new("Object", o => string.Join('/', new[] { o.Json.Text("involvedObject.kind").ToLowerInvariant(), o.Json.Text("involvedObject.name") }.Where(p => p.Length > 0))),
        Column("Subobject", "involvedObject.fieldPath", priority: 1),
        Wide("Source", o => string.Join(", ", new[]
        {
            o.Json.Text("source.component") is { Length: > 0 } component ? component : o.Json.Text("reportingComponent"),
            o.Json.Text("source.host") is { Length: > 0 } host ? host : o.Json.Text("reportingInstance"),
        }.Where(p => p.Length > 0))),
        new("Message", o => o.Json.Text("message").Trim()),
        Wide("First Seen", o => HumanDuration.Since(Event(o, "firstTimestamp", "eventTime"), clock.GetUtcNow())),
        Wide("Count", o => o.Json.At("series") is not null ? o.Json.Number("series.count") : Math.Max(1, o.Json.Number("count"))),
        Wide("Name", o => o.Name),
    ];

    private static TableColumn[] ClaimColumns(TimeProvider clock) =>
    [
        new("Status", o => o.DeletionTimestamp is null ? o.Json.Text("status.phase") : "Terminating"), Column("Volume", "spec.volumeName"),
        new("Capacity", o => o.Json.Text("spec.volumeName").Length == 0 ? "" : o.Json.Text("status.capacity.storage")),
        new("Access Modes", o => o.Json.Text("spec.volumeName").Length == 0 ? "" : AccessModes(o, "status.accessModes")),
        Column("StorageClass", "spec.storageClassName"), Column("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"), Age(clock),
        Column("VolumeMode", "spec.volumeMode", "<unset>", priority: 1),
    ];

    private static TableColumn[] VolumeColumns(TimeProvider clock) =>
    [
        Column("Capacity", "spec.capacity.storage"), new("Access Modes", o => AccessModes(o, "spec.accessModes")),
        Column("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"),
        new("Status", o => o.DeletionTimestamp is null ? o.Json.Text("status.phase") : "Terminating"),
        new("Claim", o => o.Json.At("spec.claimRef") is { } claim ? $"{claim.Text("namespace")}/{claim.Text("name")}" : ""),
        Column("StorageClass", "spec.storageClassName"), Column("VolumeAttributesClass", "spec.volumeAttributesClassName", "<unset>"),
        Column("Reason", "status.reason"), Age(clock), Column("VolumeMode", "spec.volumeMode", "<unset>", priority: 1),
    ];

    private static TableColumn[] BindingColumns(TimeProvider clock) =>
    [
        new("Role", o => $"{o.Json.Text("roleRef.kind")}/{o.Json.Text("roleRef.name")}"), Age(clock),
        Wide("Users", o => Subjects(o, "User")), Wide("Groups", o => Subjects(o, "Group")), Wide("ServiceAccounts", o => Subjects(o, "ServiceAccount")),
    ];

    private static JsonNode? NodeStatus(KubeObject node)
    {
        var ready = node.Json.Items("status.conditions").FirstOrDefault(c => c.Text("type") == "Ready");
        var status = ready is null ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        return node.Json.Text("spec.unschedulable") == "true" ? $"{status},SchedulingDisabled" : status;
    }

    private static JsonNode? NodeRoles(KubeObject node) => Join((node.Labels ?? [])
        .Select(l => l.Key.StartsWith(RolePrefix, StringComparison.Ordinal) ? l.Key[RolePrefix.Length..] : l.Key == "kubernetes.io/role" ? (string?)l.Value ?? "" : "")
        .Where(role => role.Length > 0).Distinct().Order(StringComparer.Ordinal));

    private static string Address(KubeObject node, string type) =>
        node.Json.Items("status.addresses").FirstOrDefault(a => a.Text("type") == type).Text("address") is { Length: > 0 } address ? address : None;

    private static JsonNode? Event(KubeObject obj, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (obj.Json.At(path) is { } time)
            {
                return time;
            }
        }

        return null;
    }

    private static long Keys(KubeObject obj, string path) => (obj.Json.At(path) as JsonObject)?.Count ?? 0;

    private static string Quota(KubeObject quota, bool limits) => string.Join(", ", (quota.Json.At("status.hard") as JsonObject ?? [])
        .Where(h => h.Key.StartsWith("limits.", StringComparison.Ordinal) == limits)
        .OrderBy(h => h.Key, StringComparer.Ordinal)
        .Select(h => $"{h.Key}: {Used(quota, h.Key)}/{(string?)h.Value}"));

    private static string Used(KubeObject quota, string resource) => (string?)(quota.Json.At("status.used") as JsonObject)?[resource] ?? "0";

    private static string AccessModes(KubeObject obj, string path) => string.Join(",", obj.Json.Items(path).Select(m => (string)m! switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        var other => other,
    }));

    private static string Subjects(KubeObject binding, string kind) => string.Join(", ", binding.Json.Items("subjects").Where(s => s.Text("kind") == kind)
        .Select(s => kind == "ServiceAccount" ? $"{s.Text("namespace")}/{s.Text("name")}" : s.Text("name")));

    private static JsonNode? CertificateCondition(KubeObject request)
    {
        var conditions = request.Json.Items("status.conditions").Select(c => c.Text("type")).ToList();
        var condition = conditions.Contains("Denied") ? "Denied" : conditions.Contains("Approved") ? "Approved" : "Pending";
        return condition + (conditions.Contains("Failed") ? ",Failed" : "") + (request.Json.Text("status.certificate").Length > 0 ? ",Issued" : "");
    }
}
