using System.Collections.Frozen;
using LocalCluster.Admission.Policies;
using LocalCluster.Resources;
using LocalCluster.Schemas;

namespace LocalCluster.Registry.Strategies;

/// <summary>The rules of the built-in kinds that have some.</summary>
internal static class BuiltInStrategies
{
    /// <summary>The rules by the name under which objects are stored.</summary>
    public static StrategyCatalog Create(ServiceAddresses addresses) => new(new Dictionary<string, ObjectStrategy>
    {
        ["configmaps"] = new ConfigurationStrategy(),
        ["endpoints"] = new() { AllowCreateOnUpdate = true },
        ["events"] = new EventStrategy { AllowCreateOnUpdate = true },
        ["limitranges"] = new() { AllowCreateOnUpdate = true },
        ["namespaces"] = new NamespaceStrategy { ReturnsDeletedObject = true, NameRule = NameRules.Dns1123Label },
        ["nodes"] = new() { AcceptsStatusOnCreate = true },
        ["persistentvolumeclaims"] = new ClaimStrategy { ReturnsDeletedObject = true },
        ["persistentvolumes"] = new VolumeStrategy { ReturnsDeletedObject = true },
        ["pods"] = new PodStrategy { ReturnsDeletedObject = true, CountsGenerations = true },
        ["podtemplates"] = new() { ReturnsDeletedObject = true, CountsGenerations = true },
        ["replicationcontrollers"] = new() { CountsGenerations = true, DefaultPropagation = Propagation.Orphan },
        ["resourcequotas"] = new() { ReturnsDeletedObject = true },
        ["secrets"] = new ConfigurationStrategy(),
        ["serviceaccounts"] = new() { ReturnsDeletedObject = true },
        ["services"] = new ServiceStrategy(addresses) { ReturnsDeletedObject = true, AllowCreateOnUpdate = true, NameRule = NameRules.Dns1035Label },
        ["daemonsets.apps"] = new WorkloadStrategy("Always") { CountsGenerations = true },
        ["deployments.apps"] = new WorkloadStrategy("Always") { CountsGenerations = true },
        ["replicasets.apps"] = new WorkloadStrategy("Always") { CountsGenerations = true },
        ["statefulsets.apps"] = new WorkloadStrategy("Always") { CountsGenerations = true },
        ["controllerrevisions.apps"] = new ImmutableFieldsStrategy(Immutable, "data"),
        ["horizontalpodautoscalers.autoscaling"] = new AutoscalerStrategy(),
        ["cronjobs.batch"] = new() { CountsGenerations = true },
        ["jobs.batch"] = new JobStrategy { CountsGenerations = true, DefaultPropagation = Propagation.Orphan },
        ["certificatesigningrequests.certificates.k8s.io"] = new CertificateRequestStrategy(),
        ["ingresses.networking.k8s.io"] = new() { CountsGenerations = true },
        ["ingressclasses.networking.k8s.io"] = new ImmutableFieldsStrategy(Immutable, "spec.controller") { CountsGenerations = true },
        ["networkpolicies.networking.k8s.io"] = new() { CountsGenerations = true },
        ["ipaddresses.networking.k8s.io"] = new() { CountsGenerations = true, NameRule = NameRules.IpAddress },
        ["poddisruptionbudgets.policy"] = new DisruptionBudgetStrategy { CountsGenerations = true, AllowUnconditionalUpdate = false },
        ["roles.rbac.authorization.k8s.io"] = Rights(),
        ["clusterroles.rbac.authorization.k8s.io"] = Rights(),
        ["rolebindings.rbac.authorization.k8s.io"] = Binding(),
        ["clusterrolebindings.rbac.authorization.k8s.io"] = Binding(),
        ["endpointslices.discovery.k8s.io"] = new ImmutableFieldsStrategy(Immutable, "addressType") { CountsGenerations = true },
        ["leases.coordination.k8s.io"] = new LeaseStrategy { AllowCreateOnUpdate = true, AllowUnconditionalUpdate = false },
        ["storageclasses.storage.k8s.io"] =
            new ImmutableFieldsStrategy(ForbiddenUpdate, "parameters", "provisioner", "reclaimPolicy", "volumeBindingMode") { ReturnsDeletedObject = true },
        ["csidrivers.storage.k8s.io"] = new() { ReturnsDeletedObject = true, AllowUnconditionalUpdate = false, CountsGenerations = true },
        ["csinodes.storage.k8s.io"] = new() { ReturnsDeletedObject = true, AllowUnconditionalUpdate = false },
        ["csistoragecapacities.storage.k8s.io"] =
            new ImmutableFieldsStrategy(Immutable, "nodeTopology", "storageClassName") { AllowUnconditionalUpdate = false },
        ["volumeattachments.storage.k8s.io"] = new ImmutableFieldsStrategy(Immutable, "spec") { ReturnsDeletedObject = true, AllowUnconditionalUpdate = false },
        ["priorityclasses.scheduling.k8s.io"] = new ImmutableFieldsStrategy(
            static (path, _) => FieldError.Forbidden(path, "may not be changed in an update."), "value", "preemptionPolicy") { CountsGenerations = true },
        ["runtimeclasses.node.k8s.io"] =
            new ImmutableFieldsStrategy(Immutable, "handler") { AllowCreateOnUpdate = true, AllowUnconditionalUpdate = false },
        ["flowschemas.flowcontrol.apiserver.k8s.io"] = new() { CountsGenerations = true },
        ["prioritylevelconfigurations.flowcontrol.apiserver.k8s.io"] = new() { CountsGenerations = true },
        ["volumeattributesclasses.storage.k8s.io"] = new ImmutableFieldsStrategy(Immutable, "driverName", "parameters") { ReturnsDeletedObject = true },
        [PolicyKinds.MutatingPolicies] = Policy(PolicyRules.CheckMutatingPolicy),
        [PolicyKinds.MutatingBindings] = Policy(PolicyRules.CheckMutatingBinding),
        ["mutatingwebhookconfigurations.admissionregistration.k8s.io"] = Extension(),
        ["validatingwebhookconfigurations.admissionregistration.k8s.io"] = Extension(),
        [PolicyKinds.ValidatingPolicies] = Policy(PolicyRules.CheckValidatingPolicy),
        [PolicyKinds.ValidatingBindings] = Policy(PolicyRules.CheckValidatingBinding),
        [CustomResources.StorageName] = new CustomResourceDefinitionStrategy { CountsGenerations = true, AllowUnconditionalUpdate = false },
    }.ToFrozenDictionary());

    private static ObjectStrategy Rights() => new() { AllowCreateOnUpdate = true, NameRule = NameRules.PathSegment };

    private static ImmutableFieldsStrategy Binding() => new(static (path, value) => FieldError.Invalid(path, value, "cannot change roleRef"), "roleRef")
    {
        AllowCreateOnUpdate = true,
        NameRule = NameRules.PathSegment,
    };

    private static AdmissionPolicyStrategy Policy(Func<KubeObject, IEnumerable<FieldError>> check) =>
        new(check) { CountsGenerations = true, AllowUnconditionalUpdate = false };

    private static ObjectStrategy Extension() => new() { CountsGenerations = true, AllowUnconditionalUpdate = false };

    private static FieldError Immutable(string path, System.Text.Json.Nodes.JsonNode? value) => FieldError.Invalid(path, value, "field is immutable");

    private static FieldError ForbiddenUpdate(string path, System.Text.Json.Nodes.JsonNode? value) =>
        FieldError.Forbidden(path, $"updates to {path} are forbidden.");
}
